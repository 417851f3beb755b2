-- The answers of lbgen's stub servers. HAProxy itself is the server, so that a stub needs no image of its own.

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\" }

local function quoted(text)
  return '"' .. tostring(text):gsub('[%c"\\\127-\255]', function(char)
    return escapes[char] or string.format("\\u%04x", char:byte())
  end) .. '"'
end

local function encoded(value)
  if type(value) ~= "table" then
    return type(value) == "string" and quoted(value) or tostring(value)
  end
  local parts = {}
  if value[1] ~= nil then
    for _, item in ipairs(value) do parts[#parts + 1] = encoded(item) end
    return "[" .. table.concat(parts, ", ") .. "]"
  end
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do parts[#parts + 1] = quoted(key) .. ": " .. encoded(value[key]) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function headers(applet)
  local result = {}
  for name, values in pairs(applet.headers) do
    local list, index = {}, 0
    while values[index] ~= nil do
      list[#list + 1] = values[index]
      index = index + 1
    end
    result[name] = list
  end
  return result
end

local function encryption(fetch)
  local version = fetch:ssl_fc_protocol()
  if version == nil or version == "" then return nil end
  return { version = version, server_name = fetch:ssl_fc_sni() or "", alpn = fetch:ssl_fc_alpn() or "" }
end

-- Everything a test may want to know of a request, and who answered it.
local function description(applet, body)
  return encoded({
    stub = applet.f:fe_name(),
    port = applet.f:dst_port(),
    client = applet.f:src(),
    method = applet.method,
    path = applet.path or "",
    query = applet.qs or "",
    version = applet.version,
    headers = headers(applet),
    body = body,
    tls = encryption(applet.f),
  }) .. "\n"
end

local function command(applet, name)
  return (applet.path or ""):match("/_stub/" .. name .. "/(%d+)")
end

local function wait(seconds)
  core.msleep(math.floor(tonumber(seconds) * 1000))
end

-- Sends its headers and a first line, nothing for so many seconds, and a last line.
local function silent(applet, seconds)
  applet:set_status(200)
  applet:start_response()
  applet:send("before\n")
  wait(seconds)
  applet:send("after\n")
end

core.register_service("answer", "http", function(applet)
  local body = applet:receive()
  local seconds = command(applet, "silent")
  if seconds then return silent(applet, seconds) end
  wait(command(applet, "wait") or 0)
  local text = description(applet, body)
  applet:set_status(tonumber(command(applet, "status") or 200))
  applet:add_header("content-type", "application/json")
  applet:add_header("content-length", #text)
  applet:start_response()
  applet:send(text)
end)

local function echo(applet)
  repeat
    local line = applet:getline()
    if line then applet:send(line) end
  until line == nil or #line == 0
end

-- What other scripts that are loaded after this one may use.
lbgen = { encoded = encoded, headers = headers, echo = echo }

-- Says who it is, then sends back every line.
core.register_service("echo", "tcp", function(applet)
  applet:send(encoded({ stub = applet.f:fe_name(), port = applet.f:dst_port(), client = applet.f:src() }) .. "\n")
  echo(applet)
end)

-- Takes an HTTP upgrade, then sends back every line.
core.register_service("upgrade", "tcp", function(applet)
  repeat
    local line = applet:getline()
  until line == nil or line == "\r\n" or line == "\n" or #line == 0
  applet:send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
  echo(applet)
end)
