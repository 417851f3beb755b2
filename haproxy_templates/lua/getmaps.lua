-- Services "getvhostmap" and "getappmap": the map files beside the configuration, as they are on disk at the request;
-- nothing, with status 200, where there is none.

local directory = "."

core.register_init(function()
  local configuration = (os.getenv("HAPROXY_CFGFILES") or ""):match("[^;]+") or ""
  directory = configuration:match("^(.*)/[^/]*$") or "."
end)

local function contents(name)
  local file = io.open(directory .. "/" .. name, "r")
  if not file then
    return ""
  end
  local text = file:read("a") or ""
  file:close()
  return text
end

local function serve(service, name)
  core.register_service(service, "http", function(applet)
    local body = contents(name)
    applet:set_status(200)
    applet:add_header("content-type", "text/plain")
    applet:add_header("content-length", #body)
    applet:start_response()
    applet:send(body)
  end)
end

serve("getvhostmap", "domain2backend.map")
serve("getappmap", "app2backend.map")
