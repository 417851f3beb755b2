-- Services "signalmlbhup" and "signalmlbusr1": have the process that generates the configuration do what SIGHUP or
-- SIGUSR1 make it do, `lbgen run marathon-lb` or `python ... marathon_lb.py`.
-- A live lbgen is asked by its socket, which LBGEN_STATUS_SOCKET names: that needs neither a fork nor root.
-- Everybody else gets a signal. Lua can neither list a directory nor send a signal, so both fork a shell; its own words are enough, no ps or pkill is
-- needed. From 2.2 on a HAProxy that is not root may fork only with insecure-fork-wanted.

local function base(path)
  return path:match("[^/]*$")
end

local function arguments(directory)
  local words = {}
  local file = io.open(directory .. "/cmdline", "r")
  if file then
    for word in (file:read("a") or ""):gmatch("[^\0]+") do
      words[#words + 1] = word
    end
    file:close()
  end
  return words
end

-- Only the program itself: an init or a shell that carries the same words behind its own name is left alone.
local function generates(words)
  local program = base(words[1] or "")
  local python = program:find("^python") ~= nil
  local lbgen = false
  for index, word in ipairs(words) do
    lbgen = lbgen or base(word) == "lbgen"
    if python and word:find("marathon_lb.py", 1, true) then
      return true
    end
    if (python or program == "lbgen") and lbgen and word == "run" and words[index + 1] == "marathon-lb" then
      return true
    end
  end
  return false
end

local function processes()
  local shell = io.popen("echo /proc/[0-9]*")
  if not shell then
    return ""
  end
  local directories = shell:read("a") or ""
  shell:close()
  return directories
end

local function generators()
  local pids = {}
  for directory in processes():gmatch("%S+") do
    if generates(arguments(directory)) then
      pids[#pids + 1] = base(directory)
    end
  end
  return pids
end

-- 0 where a process got the signal, else 1, as `pkill` has it. A process may be gone by now, such as the child of a
-- generator on its way to become another program: it must not hide that the others got theirs.
local function signal(name)
  local pids = generators()
  if #pids == 0 then
    return 1
  end
  local command = "sent=1; for pid in %s; do kill -%s $pid 2>/dev/null && sent=0; done; exit $sent"
  local _, _, code = os.execute(command:format(table.concat(pids, " "), name))
  return code or 1
end

local wishes = { HUP = "update", USR1 = "reload" }

-- 0 where lbgen says that it will, else 1.
local function ask(path, name)
  local socket = core.tcp()
  socket:settimeout(5)
  if not socket:connect("unix@" .. path) then
    return 1
  end
  socket:send("POST /control/" .. wishes[name] .. " HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
  local line = socket:receive("*l") or ""
  socket:close()
  return line:find("^HTTP/1%.%d 200") and 0 or 1
end

local function answer(name)
  local path = os.getenv("LBGEN_STATUS_SOCKET")
  local code = 1
  if path then
    code = ask(path, name)
  else
    code = signal(name)
  end
  if code == 0 then
    return 200, "Sent SIG" .. name .. " signal to marathon-lb"
  end
  return 500, "Failed to send SIG" .. name .. " signal to marathon-lb (exit code " .. code
    .. "). Is marathon-lb running in 'poll' mode?"
end

-- LBGEN_SIGNALS says "local" where only this machine may ask.
local function allowed(applet)
  local client = tostring(applet.f:src())
  return os.getenv("LBGEN_SIGNALS") ~= "local" or client:find("^127%.") ~= nil or client == "::1"
end

local function serve(service, name)
  core.register_service(service, "http", function(applet)
    local status, body = 403, "Only this machine may send signals"
    if allowed(applet) then
      status, body = answer(name)
    end
    applet:set_status(status)
    applet:add_header("content-type", "text/plain")
    applet:add_header("content-length", #body)
    applet:start_response()
    applet:send(body)
  end)
end

serve("signalmlbhup", "HUP")
serve("signalmlbusr1", "USR1")
