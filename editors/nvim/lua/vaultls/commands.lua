--- The subcommands of `:Vaultls`, one table of them. Knows the cursor; asks the server for everything about a note.
local server = require('vaultls.server')

local M = {}

local function here()
  return { uri = vim.uri_from_bufnr(0) }
end

local function note()
  return { textDocument = here() }
end

local function cursor(client)
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

--- A range of the current note as Neovim counts: line and columns from 1, in bytes.
local function item_of(range, client)
  return vim.lsp.util.locations_to_items({ { uri = here().uri, range = range } }, client.offset_encoding)[1]
end

local function go_to(item)
  vim.cmd("normal! m'")
  vim.api.nvim_win_set_cursor(0, { item.lnum, item.col - 1 })
end

local function apply(edit, client)
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
end

--- Of the moments on the cursor's line the one under the cursor, else the next, else the last one before it.
local function nearest(moments, client)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local function byte_of(position)
    return item_of({ start = position, ['end'] = position }, client).col - 1
  end
  local on_line = vim.tbl_filter(function(moment)
    return moment.range.start.line == line - 1
  end, moments)
  table.sort(on_line, function(a, b)
    return a.range.start.character < b.range.start.character
  end)
  for _, moment in ipairs(on_line) do
    if byte_of(moment.range['end']) > column then
      return moment
    end
  end
  return on_line[#on_line]
end

--- Does something with the address of the moment at the cursor.
local function with_moment(act)
  server.ask('vaultls/timeline', note, function(moments, client)
    local moment = nearest(moments or {}, client)
    if not moment then
      server.say('no timestamp stands on this line', vim.log.levels.WARN)
    elseif not moment.address or moment.address == vim.NIL then
      server.say('nothing says of which video this timestamp is', vim.log.levels.WARN)
    else
      act(moment.address)
    end
  end)
end

function M.copy(address)
  vim.fn.setreg('"', address)
  if vim.fn.has('clipboard') == 1 then
    vim.fn.setreg('+', address)
  end
  server.say('copied ' .. address)
end

--- Goes to the timestamp that follows in the text or, with `time`, in the video.
local function neighbour(method)
  return function(call)
    local function params(client)
      return vim.tbl_extend('force', cursor(client), { by = call.arguments[1] or 'text' })
    end
    server.ask(method, params, function(range, client)
      if range then
        go_to(item_of(range, client))
      else
        server.say('there is no further timestamp')
      end
    end)
  end
end

local function list(title, items)
  if #items == 0 then
    server.say(title .. ': none')
    return
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

--- The links of one note, with their lines as a reader sees them.
local function mentions_in(linking, client)
  return vim.tbl_map(function(mention)
    local location = { uri = linking.uri, range = mention.range }
    local item = vim.lsp.util.locations_to_items({ location }, client.offset_encoding)[1]
    item.text = mention.before .. mention.link .. mention.after
    return item
  end, linking.mentions)
end

local function backlinks()
  local name = vim.fn.expand('%:t:r')
  server.ask('vaultls/backlinks', note, function(notes, client)
    local items = {}
    for _, linking in ipairs(notes or {}) do
      vim.list_extend(items, mentions_in(linking, client))
    end
    list('Links to ' .. name, items)
  end)
end

--- What a click on `18 links from 7 notes` does.
function M.show_references(command)
  local client = server.clients(vim.api.nvim_get_current_buf())[1] or server.clients()[1]
  list(command.title, vim.lsp.util.locations_to_items(command.arguments[3], client.offset_encoding))
end

local function creations(actions)
  return vim.tbl_filter(function(action)
    return action.title:find('^Create the note') ~= nil
  end, actions or {})
end

--- Creates the note and goes there: it is there to be written.
local function create_by(action, client)
  apply(action.edit, client)
  for _, change in ipairs(action.edit.documentChanges) do
    if change.kind == 'create' then
      vim.cmd('edit ' .. vim.fn.fnameescape(vim.uri_to_fname(change.uri)))
    end
  end
end

local function choose(actions, client)
  if #actions == 1 then
    create_by(actions[1], client)
    return
  end
  local function title(action)
    return action.title
  end
  vim.ui.select(actions, { prompt = 'Which note?', format_item = title }, function(action)
    if action then
      create_by(action, client)
    end
  end)
end

--- Creates the note that a link under the cursor misses; without one there, those that the line misses are offered.
local function create()
  local line = vim.fn.line('.') - 1
  local function at_cursor(client)
    local position = cursor(client).position
    return { textDocument = here(), range = { start = position, ['end'] = position }, context = { diagnostics = {} } }
  end
  local function on_line()
    local range = { start = { line = line, character = 0 }, ['end'] = { line = line + 1, character = 0 } }
    return { textDocument = here(), range = range, context = { diagnostics = {} } }
  end
  server.ask('textDocument/codeAction', at_cursor, function(actions, client)
    local found = creations(actions)
    if #found > 0 then
      choose(found, client)
      return
    end
    server.ask('textDocument/codeAction', on_line, function(others)
      found = creations(others)
      if #found > 0 then
        choose(found, client)
      else
        server.say('no link on this line misses a note', vim.log.levels.WARN)
      end
    end)
  end)
end

--- `90`, `-5`, `1:30`, `-1:02:03` in seconds.
local function seconds_of(text)
  local sign, time = (text or ''):match('^([+-]?)([%d:]+)$')
  local seconds = 0
  for part in (time or ''):gmatch('[^:]+') do
    seconds = seconds * 60 + tonumber(part)
  end
  return time and (sign == '-' and -seconds or seconds)
end

local function shift(call)
  local seconds = seconds_of(call.arguments[1])
  if not seconds then
    server.say('by how much? `:Vaultls shift 90`, `:Vaultls shift -1:30`', vim.log.levels.WARN)
    return
  end
  local function params()
    local range = { start = { line = call.line1 - 1, character = 0 }, ['end'] = { line = call.line2, character = 0 } }
    return { textDocument = here(), seconds = seconds, range = call.range > 0 and range or nil }
  end
  server.ask('vaultls/shiftTimes', params, function(edit, client)
    if edit then
      apply(edit, client)
    end
  end)
end

local function spell(call)
  local function params()
    return { textDocument = here(), wholeVault = call.arguments[1] == 'vault' }
  end
  server.ask('vaultls/spellTimes', params, function(edit, client)
    if edit then
      apply(edit, client)
    end
  end)
end

local function show_log()
  vim.cmd('tabedit ' .. vim.fn.fnameescape(server.log_file()))
  vim.cmd('normal! G')
end

--- Name -> what it does and which arguments it takes.
local subcommands = {
  backlinks = { run = backlinks },
  copy = {
    run = function()
      with_moment(M.copy)
    end,
  },
  create = { run = create },
  log = { run = show_log },
  next = { run = neighbour('vaultls/nextTimestamp'), takes = { 'text', 'time' } },
  open = {
    run = function()
      with_moment(require('vaultls.browser').open)
    end,
  },
  previous = { run = neighbour('vaultls/previousTimestamp'), takes = { 'text', 'time' } },
  restart = { run = server.restart },
  shift = { run = shift, takes = {} },
  spell = { run = spell, takes = { 'note', 'vault' } },
  timeline = {
    run = function()
      require('vaultls.timeline').toggle()
    end,
  },
}

--- @param call table as `nvim_create_user_command` gives it
function M.run(call)
  local name = call.fargs[1]
  local subcommand = subcommands[name]
  if not subcommand then
    server.say(('there is no `%s`. See :help :Vaultls'):format(name), vim.log.levels.ERROR)
    return
  end
  local arguments = vim.list_slice(call.fargs, 2)
  local takes = subcommand.takes
  local is_wrong = #arguments > (takes and 1 or 0)
    or (#arguments == 1 and #takes > 0 and not vim.tbl_contains(takes, arguments[1]))
  if is_wrong then
    server.say(('`%s` takes %s'):format(name, takes and table.concat(takes, ' or ') or 'nothing'), vim.log.levels.ERROR)
    return
  end
  subcommand.run({ arguments = arguments, range = call.range, line1 = call.line1, line2 = call.line2 })
end

--- What may stand at the end of a command line.
function M.complete(line)
  local words = vim.split(line:gsub("^.-Vaultls%s+", ''), '%s+')
  local offered = #words < 2 and vim.tbl_keys(subcommands) or (subcommands[words[1]] or {}).takes or {}
  local fitting = vim.tbl_filter(function(offer)
    return #words < 3 and vim.startswith(offer, words[#words])
  end, offered)
  table.sort(fitting)
  return fitting
end

return M
