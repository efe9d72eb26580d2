-- What the checks share: names and counts, waiting, the cursor, the client of any Neovim since 0.7.
-- Prints a line a check. ONLY=words runs the checks so named; with CONTROL=1 each of them has to fail.
local M = {}

local patience = tonumber(vim.env.PATIENCE or 10000)
local is_control = vim.env.CONTROL == '1'
local failed = 0

M.vault = vim.env.VAULT

--- What the user was told, in order.
M.messages = {}
vim.notify = function(message)
  table.insert(M.messages, message)
end
vim.notify_once = vim.notify

function M.say(line)
  io.stdout:write(line .. '\n')
end

function M.has(version)
  return vim.fn.has('nvim-' .. version) == 1
end

function M.check(name, run, needs)
  if vim.env.ONLY and not name:find(vim.env.ONLY, 1, true) then
    return
  end
  if needs and not M.has(needs) then
    M.say(('skip - %s: needs Neovim %s'):format(name, needs))
    return
  end
  local ok, why = pcall(run)
  if is_control then
    ok, name = not ok, 'where there is nothing to find, this fails: ' .. name
  end
  failed = failed + (ok and 0 or 1)
  M.say(ok and 'ok - ' .. name or ('not ok - %s: %s'):format(name, why))
end

function M.finish()
  M.say('# end')
  vim.cmd(failed > 0 and 'cquit 1' or 'qall!')
end

--- Waits until `is` holds, and returns what it is; nothing here sleeps for a guessed time.
function M.wait(what, is)
  local found
  local came = vim.wait(patience, function()
    found = is()
    return found
  end, 20)
  if not came then
    error('waited in vain for ' .. what, 2)
  end
  return found
end

function M.contains(text, part)
  assert(text and text:find(part, 1, true), ('`%s` is not in:\n%s'):format(part, text))
end

function M.same(found, expected)
  assert(vim.deep_equal(found, expected), ('%s, expected %s'):format(vim.inspect(found), vim.inspect(expected)))
end

--- The server's client, once it can be asked.
function M.client(buffer)
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  for _, client in ipairs(all) do
    local is_ready = client.initialized or next(client.server_capabilities or {})
    if client.name == 'vaultls' and is_ready and (not buffer or client.attached_buffers[buffer] ~= nil) then
      return client
    end
  end
end

function M.open(note)
  vim.cmd('edit! ' .. vim.fn.fnameescape(M.vault .. '/' .. note))
end

function M.edit(note)
  M.open(note)
  M.wait('the server at ' .. note, function()
    return M.client(vim.api.nvim_get_current_buf())
  end)
end

--- Puts the cursor on the `into`-th byte of the first place where `text` stands.
function M.go_to(text, into)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local start = line:find(text, 1, true)
    if start then
      vim.api.nvim_win_set_cursor(0, { number, start - 1 + (into or 0) })
      return
    end
  end
  error(('`%s` does not stand in %s'):format(text, vim.api.nvim_buf_get_name(0)), 2)
end

function M.ask(method, more)
  local params = vim.lsp.util.make_position_params(0, M.client().offset_encoding)
  local answers = vim.lsp.buf_request_sync(0, method, vim.tbl_extend('force', params, more or {}), 10000)
  local answer = answers and answers[M.client().id]
  assert(answer, method .. ': no answer')
  assert(not (answer.err or answer.error), vim.inspect(answer))
  return answer.result
end

--- The text that each diagnostic of `code` in this note marks.
function M.marked(code)
  local parts = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    if found.code == code then
      table.insert(parts, vim.api.nvim_buf_get_text(0, found.lnum, found.col, found.end_lnum, found.end_col, {})[1])
    end
  end
  return parts
end

function M.wait_for_marks(code, expected)
  M.wait(('%s under %s'):format(code, vim.inspect(expected)), function()
    return vim.deep_equal(M.marked(code), expected)
  end)
end

local function keys(text)
  return vim.api.nvim_replace_termcodes(text, true, false, true)
end

--- Types as a user does: each part once a menu of completions has come for the one before.
function M.type_into_menu(...)
  local parts, ticks = { ... }, 0
  local function type_next()
    vim.api.nvim_feedkeys(keys(table.remove(parts, 1)), 'tn', false)
  end
  local timer = assert(vim.loop.new_timer())
  timer:start(50, 50, vim.schedule_wrap(function()
    ticks = ticks + 1
    if #parts > 0 and (vim.fn.pumvisible() == 1 or ticks > patience / 50) then
      type_next()
    elseif #parts == 0 and not timer:is_closing() then
      timer:close()
    end
  end))
  type_next()
  vim.api.nvim_feedkeys('', 'x!', false) -- Types what is queued, until insert mode ends.
end

function M.write(note, text)
  local file = assert(io.open(M.vault .. '/' .. note, 'w'))
  file:write(text)
  file:close()
end

function M.read(path)
  local file = io.open(path)
  local text = file and file:read('*a')
  if file then
    file:close()
  end
  return text
end

--- The lines of a buffer as one text.
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

return M
