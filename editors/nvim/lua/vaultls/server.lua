--- How the server is started, asked and stopped on every Neovim since 0.7, and what happens when it cannot be. Knows no
--- note.
local root = require('vaultls.root')
local uv = vim.uv or vim.loop

local M = {}

--- The server after this many crashes within so many seconds is left alone.
local most_crashes, within = 3, 180

--- What starts the server, where nobody says otherwise; and what else a client takes.
M.command = { 'vaultls' }
M.options = {}

local crashes = {} --- When the latest were, in seconds.
local is_given_up = false --- Until the user restarts the server.
local told = {} --- What the user has been told already.

local function has(version)
  return vim.fn.has('nvim-' .. version) == 1
end

function M.say(message, level)
  vim.notify('vaultls: ' .. message, level or vim.log.levels.INFO)
end

function M.log_file()
  return require('vim.lsp.log').get_filename()
end

--- Says a thing once a session, or until the server is restarted by hand.
local function say_once(message)
  if not told[message] then
    told[message] = true
    vim.schedule(function()
      M.say(message, vim.log.levels.ERROR)
    end)
  end
end

--- The configuration that counts: with what the user added to it.
local function resolved()
  return vim.lsp.config and vim.lsp.config.vaultls or M.config()
end

--- Why the server cannot be started, in words for the user; nil if it can.
function M.obstacle()
  local command = M.typed_command()
  local program = command and command[1]
  if not program or vim.fn.executable(program) == 1 then
    return nil
  end
  local is_there = program:find('/', 1, true) and uv.fs_stat(vim.fn.expand(program))
  if is_there then
    return ('`%s` is there, but may not be run (chmod +x). See :checkhealth vaultls'):format(program)
  end
  local where = program:find('/', 1, true) and 'not there' or 'not on the PATH'
  return ('the server `%s` is %s. See :help vaultls-install'):format(program, where)
end

local function is_crash(code, signal)
  return code ~= 0 or (signal ~= 0 and signal ~= 15)
end

local function is_note(buffer)
  local types = resolved().filetypes
  return vim.api.nvim_buf_is_loaded(buffer)
    and vim.bo[buffer].buftype == ''
    and vim.tbl_contains(types, vim.bo[buffer].filetype)
end

local function attach_all()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if is_note(buffer) then
      M.attach(buffer)
    end
  end
end

--- Starts a server that crashed again, unless it does so all the time.
local function after_crash(code, signal)
  if is_given_up then
    return
  end
  local now = uv.now() / 1000
  table.insert(crashes, now)
  while crashes[1] < now - within do
    table.remove(crashes, 1)
  end
  if #crashes < most_crashes then
    attach_all()
    return
  end
  is_given_up = true
  local how = signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
  say_once(
    ('the server ended %d times within %d minutes, the last time with %s, and is not started again. '):format(
      #crashes,
      within / 60,
      how
    ) .. ('What it said is in %s; `:Vaultls restart` tries once more.'):format(M.log_file())
  )
end

--- Runs the command for a client that is told of no crash: they are ours to tell, once.
local function launch(dispatchers, config)
  local on_exit = dispatchers.on_exit
  dispatchers = vim.tbl_extend('force', dispatchers, {
    on_exit = function(code, signal)
      local crashed = is_crash(code, signal)
      on_exit(crashed and 0 or code, crashed and 0 or signal)
      if crashed then
        vim.schedule(function() -- Behind what the client itself does at its end.
          after_crash(code, signal)
        end)
      end
    end,
  })
  config = config or resolved()
  local spawn = { cwd = config.cmd_cwd, env = config.cmd_env, detached = config.detached }
  if has('0.10') then
    return vim.lsp.rpc.start(M.command, dispatchers, spawn)
  end
  return vim.lsp.rpc.start(M.command[1], vim.list_slice(M.command, 2), dispatchers, spawn)
end

--- The command that starts the server, as a list; nil where a function of the user's does.
function M.typed_command()
  local cmd = resolved().cmd
  if cmd == launch then
    return M.command
  end
  return type(cmd) == 'table' and cmd or nil
end

--- The server's configuration, as `vim.lsp.config` and `vim.lsp.start` take it.
function M.config()
  local config = {
    name = 'vaultls',
    cmd = has('0.8') and launch or M.command,
    filetypes = { 'markdown' },
    root_dir = function(buffer, start)
      local obstacle = M.obstacle()
      if obstacle then
        say_once(obstacle)
      elseif not is_given_up then
        start((root.of(vim.api.nvim_buf_get_name(buffer))))
      end
    end,
  }
  if not has('0.8') then
    config.on_exit = function(code, signal)
      if is_crash(code, signal) then
        vim.schedule(function()
          after_crash(code, signal)
        end)
      end
    end
  end
  return vim.tbl_extend('force', config, M.options)
end

--- The clients of this server: all, or those of a buffer.
function M.clients(buffer)
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  return vim.tbl_filter(function(client)
    return client.name == 'vaultls' and (not buffer or client.attached_buffers[buffer] ~= nil)
  end, all)
end

--- Calls a method of a client, which took no `self` before 0.11.
local function call(client, method, ...)
  if has('0.11') then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- The clients of a Neovim that has no `vim.lsp.start` yet, by vault: it lists none that is about to begin.
local started = {}

local function start_client(config, buffer)
  local folder = config.root_dir
  if not (started[folder] and vim.lsp.get_client_by_id(started[folder])) then
    config.workspace_folders = { { uri = vim.uri_from_fname(folder), name = folder } }
    started[folder] = vim.lsp.start_client(config)
  end
  if started[folder] then
    vim.lsp.buf_attach_client(buffer, started[folder])
  end
end

--- Has the server of a note's vault look after the note; starts it if need be.
function M.attach(buffer)
  local config = vim.deepcopy(resolved())
  local function start(folder)
    config.root_dir = folder
    local run = vim.lsp.start or start_client
    run(config, has('0.8') and { bufnr = buffer } or buffer)
  end
  if type(config.root_dir) == 'function' then
    config.root_dir(buffer, start)
  else
    start(config.root_dir)
  end
end

--- Asks the server of the current note. What goes wrong is said; `answer` gets what comes back, and the client.
function M.ask(method, params, answer)
  local buffer = vim.api.nvim_get_current_buf()
  local client = M.clients(buffer)[1]
  if not client then
    M.say('no server looks after this note. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  call(client, 'request', method, params(client), function(err, result)
    if err then
      M.say(err.message, vim.log.levels.ERROR)
    else
      answer(result ~= vim.NIL and result or nil, client)
    end
  end, buffer)
end

--- Stops all servers, and waits for their end.
local function stop_all()
  local stopping = M.clients()
  for _, client in ipairs(stopping) do
    call(client, 'stop')
  end
  local function are_gone()
    return #M.clients() == 0
  end
  if not vim.wait(3000, are_gone, 20) then
    for _, client in ipairs(stopping) do
      call(client, 'stop', true)
    end
    vim.wait(1000, are_gone, 20)
  end
end

function M.restart()
  crashes, told, is_given_up = {}, {}, false
  stop_all()
  attach_all()
end

return M
