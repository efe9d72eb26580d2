--- The window that shows the timestamps of the current note in order of time, and follows. Knows what the server answers;
--- nothing of Markdown.
local server = require('vaultls.server')
local browser = require('vaultls.browser')

local M = {}

local width = 48
local namespace = vim.api.nvim_create_namespace('vaultls.timeline')

--- What the window shows; `buffer` and `window` are nil while there is none.
local shown = { buffer = nil, window = nil, note = nil, entries = {}, asked = 0 }

local function is_open()
  return shown.window ~= nil and vim.api.nvim_win_is_valid(shown.window)
end

local function given(value)
  return value ~= vim.NIL and value or nil
end

local function line_of(entry)
  local said = given(entry.claim) or given(entry.section) or ''
  local others = entry.otherNotes
  local also = others > 0 and ('  (also in %d %s)'):format(others, others == 1 and 'note' or 'notes') or ''
  return ('%s  %s%s'):format(entry.time, said:gsub('%s+', ' '), also)
end

local function paint(lines)
  vim.api.nvim_buf_clear_namespace(shown.buffer, namespace, 0, -1)
  local function colour(row, first, last, group)
    vim.api.nvim_buf_set_extmark(shown.buffer, namespace, row - 1, first, { end_col = last, hl_group = group })
  end
  for row, line in ipairs(lines) do
    colour(row, 0, #line:match('^%S+'), 'Special')
    local also = line:find('  %(also in %d+ notes?%)$')
    if also then
      colour(row, also - 1, #line, 'Comment')
    end
  end
end

local function write(lines)
  vim.bo[shown.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(shown.buffer, 0, -1, false, lines)
  vim.bo[shown.buffer].modifiable = false
end

--- Puts the window's cursor on the timestamp that the note's cursor is on, or behind.
local function follow_cursor()
  if not is_open() or vim.api.nvim_get_current_buf() ~= shown.note then
    return
  end
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local best, row
  for index, entry in ipairs(shown.entries) do
    local is_before = entry.lnum < line or (entry.lnum == line and entry.col <= column + 1)
    if is_before and (not best or entry.lnum > best.lnum or (entry.lnum == best.lnum and entry.col > best.col)) then
      best, row = entry, index
    end
  end
  if row then
    vim.api.nvim_win_set_cursor(shown.window, { row, 0 })
  end
end

local function show(entries, client)
  for _, entry in ipairs(entries) do
    local location = { uri = vim.uri_from_bufnr(shown.note), range = entry.range }
    local item = vim.lsp.util.locations_to_items({ location }, client.offset_encoding)[1]
    entry.lnum, entry.col = item.lnum, item.col
  end
  shown.entries = entries
  local lines = vim.tbl_map(line_of, entries)
  if #lines == 0 then
    write({ 'No timestamps in this note.' })
  else
    write(lines)
    paint(lines)
  end
  follow_cursor()
end

--- Shows the current note, if the server looks after it.
local function refresh()
  local note = vim.api.nvim_get_current_buf()
  if not is_open() or #server.clients(note) == 0 then
    return
  end
  shown.asked = shown.asked + 1
  local asked = shown.asked
  local function params()
    return { textDocument = { uri = vim.uri_from_bufnr(note) } }
  end
  server.ask('vaultls/timeline', params, function(entries, client)
    if asked == shown.asked and is_open() then
      shown.note = note
      show(entries or {}, client)
    end
  end)
end

--- The entry under the cursor.
local function chosen()
  return shown.entries[vim.api.nvim_win_get_cursor(shown.window)[1]]
end

local function window_of_note()
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.api.nvim_win_get_buf(window) == shown.note then
      return window
    end
  end
end

local function go_to_chosen()
  local entry, window = chosen(), window_of_note()
  if entry and window then
    vim.api.nvim_set_current_win(window)
    vim.cmd("normal! m'")
    vim.api.nvim_win_set_cursor(window, { entry.lnum, entry.col - 1 })
  end
end

local function with_address(act)
  return function()
    local entry = chosen()
    if entry and given(entry.address) then
      act(entry.address)
    end
  end
end

local function close()
  pcall(vim.api.nvim_del_augroup_by_name, 'vaultls.timeline')
  if is_open() then
    vim.api.nvim_win_close(shown.window, true)
  end
  shown.window, shown.entries, shown.note = nil, {}, nil
end

--- A timeline of nothing is closed with the last window of notes.
local function close_if_alone()
  if is_open() and #vim.api.nvim_tabpage_list_wins(0) == 1 and vim.api.nvim_get_current_win() == shown.window then
    vim.cmd('quit')
  end
end

local function map(key, act)
  vim.keymap.set('n', key, act, { buffer = shown.buffer, nowait = true })
end

local function make_buffer()
  local buffer = vim.api.nvim_create_buf(false, true)
  shown.buffer = buffer
  vim.api.nvim_buf_set_name(buffer, 'vaultls://timeline')
  vim.bo[buffer].bufhidden, vim.bo[buffer].filetype, vim.bo[buffer].modifiable = 'wipe', 'vaultls-timeline', false
  map('<CR>', go_to_chosen)
  map('q', close)
  map('o', with_address(browser.open))
  map('y', with_address(function(address)
    require('vaultls.commands').copy(address)
  end))
end

local function make_window()
  local note_window = vim.api.nvim_get_current_win()
  vim.cmd('botright vertical ' .. width .. 'split')
  shown.window = vim.api.nvim_get_current_win()
  make_buffer()
  vim.api.nvim_win_set_buf(shown.window, shown.buffer)
  local look = { number = false, relativenumber = false, signcolumn = 'no', cursorline = true, winfixwidth = true }
  look.wrap, look.spell, look.list, look.fillchars = false, false, false, 'eob: '
  for option, value in pairs(look) do
    vim.api.nvim_set_option_value(option, value, { scope = 'local' })
  end
  vim.api.nvim_set_current_win(note_window)
end

local function follow()
  local group = vim.api.nvim_create_augroup('vaultls.timeline', {})
  local function on(events, act)
    vim.api.nvim_create_autocmd(events, { group = group, callback = act })
  end
  on({ 'BufEnter', 'TextChanged', 'InsertLeave' }, refresh)
  on('CursorMoved', follow_cursor)
  on('WinEnter', close_if_alone)
  if vim.fn.exists('##LspAttach') == 1 then
    on('LspAttach', vim.schedule_wrap(refresh))
  end
end

--- Opens the window beside the note, or closes it.
function M.toggle()
  if is_open() then
    close()
    return
  end
  make_window()
  follow()
  refresh()
end

return M
