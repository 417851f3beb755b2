-- Service "getpids": the process ids of this HAProxy, master and workers, old ones that still drain too, newest first,
-- with blanks between: what `pidof haproxy` prints, read from /proc, so that nothing has to be forked.

local function contents(path)
  local file = io.open(path, "r")
  if not file then
    return ""
  end
  local text = file:read("a") or ""
  file:close()
  return text
end

local function process(pid)
  local number, name, parent = contents("/proc/" .. pid .. "/stat"):match("^(%d+) %((.*)%) %S (%d+)")
  return { pid = number, name = name, parent = parent }
end

-- In master-worker mode all workers are children of one master. Without a master the processes that this one was told
-- to relieve stand behind -sf or -st on its command line.
local function relatives(own, master)
  if master.name == own.name then
    return master.pid .. " " .. contents("/proc/" .. master.pid .. "/task/" .. master.pid .. "/children")
  end
  local relieved = contents("/proc/self/cmdline"):gsub("\0", " "):match(" %-s[ft] ([%d ]+)")
  return relieved or ""
end

local function pids()
  local own = process("self")
  local found, sorted = { [tonumber(own.pid)] = true }, {}
  for pid in relatives(own, process(own.parent)):gmatch("%d+") do
    if process(pid).name == own.name then
      found[tonumber(pid)] = true
    end
  end
  for pid in pairs(found) do
    sorted[#sorted + 1] = pid
  end
  table.sort(sorted, function(a, b) return a > b end)
  return table.concat(sorted, " ") .. "\n"
end

core.register_service("getpids", "http", function(applet)
  local body = pids()
  applet:set_status(200)
  applet:add_header("content-type", "text/plain")
  applet:add_header("content-length", #body)
  applet:start_response()
  applet:send(body)
end)
