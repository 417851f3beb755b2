-- Service "getconfig": the configuration as it was when HAProxy read it; of several files, one behind the other.

local configuration = ""

core.register_init(function()
  for path in (os.getenv("HAPROXY_CFGFILES") or ""):gmatch("[^;]+") do
    local file = io.open(path, "r")
    if file then
      configuration = configuration .. file:read("a")
      file:close()
    end
  end
end)

core.register_service("getconfig", "http", function(applet)
  applet:set_status(200)
  applet:add_header("content-type", "text/plain")
  applet:add_header("content-length", #configuration)
  applet:start_response()
  applet:send(configuration)
end)
