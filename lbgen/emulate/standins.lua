-- Servers that answer who they are. Who that is stands in a file: port, app, task, how many there are, backend, server,
-- address; stub.lua, which is loaded before, knows how to write JSON.

local names = {}

core.register_init(function()
  local file = io.open(os.getenv("LBGEN_STAND_INS") or "", "r")
  if not file then return end
  for line in file:lines() do
    local port, app, task, of, backend, server, address =
      line:match("^(%d+)\t([^\t]*)\t(%d+)\t(%d+)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
    if port then
      names[tonumber(port)] = {
        app = app, task = tonumber(task), of = tonumber(of), backend = backend, server = server, address = address,
      }
    end
  end
  file:close()
end)

local nobody = { app = "?", task = 0, of = 0, backend = "?", server = "?", address = "?" }

local function who(fetch)
  return names[fetch:dst_port()] or nobody
end

local function told(it)
  return it.app .. ", task " .. it.task .. " of " .. it.of .. " (backend " .. it.backend .. ", server " .. it.server
    .. " in place of " .. it.address .. ")\n"
end

local function wants_json(applet)
  local accept = applet.headers["accept"]
  return accept ~= nil and (accept[0] or ""):find("application/json", 1, true) ~= nil
end

local function as_json(it, applet)
  return lbgen.encoded({
    app = it.app, task = it.task, of = it.of, backend = it.backend, server = it.server, address = it.address,
    method = applet.method, path = applet.path or "", query = applet.qs or "", version = applet.version,
    headers = lbgen.headers(applet),
  }) .. "\n"
end

local function as_text(it, applet)
  local query = (applet.qs or "") ~= "" and "?" .. applet.qs or ""
  local host = (applet.headers["host"] or {})[0] or ""
  return told(it) .. applet.method .. " " .. (applet.path or "") .. query .. " for " .. host .. "\n"
end

core.register_service("who", "http", function(applet)
  local it, json = who(applet.f), wants_json(applet)
  local text = json and as_json(it, applet) or as_text(it, applet)
  applet:set_status(200)
  applet:add_header("content-type", json and "application/json" or "text/plain; charset=utf-8")
  applet:add_header("content-length", #text)
  applet:start_response()
  if applet.method ~= "HEAD" then applet:send(text) end
end)

-- Says who it is, then sends back every line.
core.register_service("greet", "tcp", function(applet)
  applet:send(told(who(applet.f)))
  lbgen.echo(applet)
end)
