-- What the plugin adds: `:Vaultls`, the timeline, the list of backlinks, features that are switched on, help and health.
local h = require('harness')
local check, contains, same = h.check, h.contains, h.same

local lighthouses = 'harbour_lectures/lighthouses_before_electricity.md'
local clocks = 'harbour_lectures/the_longitude_problem.md'
local address = 'https://www.youtube.com/watch?v=HarbourLt01&t=364s'

local function forget_messages()
  for index in pairs(h.messages) do
    h.messages[index] = nil
  end
end

local function wait_for_message(part)
  h.wait(('the message `%s`'):format(part), function()
    return table.concat(h.messages, '\n'):find(part, 1, true)
  end)
  forget_messages()
end

local function quickfix()
  local notes = {}
  for _, item in ipairs(vim.fn.getqflist()) do
    table.insert(notes, ('%s:%d'):format(vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':t'), item.lnum))
  end
  table.sort(notes)
  return notes
end

local function wait_for_quickfix(title)
  h.wait('the list', function()
    return vim.fn.getqflist({ title = 1 }).title == title
  end)
  vim.cmd('cclose')
end

local function timeline()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    if vim.bo[buffer].filetype == 'vaultls-timeline' then
      return window, buffer
    end
  end
end

local function wait_for_timeline(first)
  h.wait('the timeline to begin with ' .. first, function()
    local _, buffer = timeline()
    return buffer and vim.startswith(h.text(buffer), first)
  end)
end

--- The time at the start of the timeline's line that is marked.
local function marked_time()
  local window, buffer = timeline()
  local row = vim.api.nvim_win_get_cursor(window)[1]
  return vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1]:sub(1, 8)
end

local function wait_for_cursor_at(text)
  h.wait('the cursor at ' .. text, function()
    local column = vim.api.nvim_win_get_cursor(0)[2]
    return vim.api.nvim_get_current_line():sub(column + 1):find(text, 1, true) == 1
  end)
end

check('the command line completes what there is to do', function()
  local all = vim.fn.getcompletion('Vaultls ', 'cmdline')
  same(all, {
    'backlinks', 'copy', 'create', 'log', 'next', 'open', 'previous', 'restart', 'shift', 'spell', 'timeline',
  })
  same(vim.fn.getcompletion('Vaultls re', 'cmdline'), { 'restart' })
  same(vim.fn.getcompletion('Vaultls next ', 'cmdline'), { 'text', 'time' })
  same(vim.fn.getcompletion('Vaultls log ', 'cmdline'), {})
end)

check('what there is not is said', function()
  vim.cmd('Vaultls timelime')
  wait_for_message('there is no `timelime`')
  vim.cmd('Vaultls next year')
  wait_for_message('`next` takes text or time')
end)

check('the timestamp under the cursor opens in the browser', function()
  h.edit(lighthouses)
  h.go_to('00:06:04', 2)
  os.remove(vim.env.OPENED)
  vim.cmd('Vaultls open')
  h.wait('the browser', function()
    return h.read(vim.env.OPENED) == address .. '\n'
  end)
end)

check('the link to a moment is copied from anywhere in its claim', function()
  h.edit('harbour_lectures/灯台.md')
  h.go_to('Richard Henry Brunton', 3)
  vim.fn.setreg('"', '')
  vim.cmd('Vaultls copy')
  h.wait('the link', function()
    return vim.fn.getreg('"') == 'https://www.youtube.com/watch?v=HarbourLt01&t=1968s'
  end)
  wait_for_message('copied https://www.youtube.com')
end)

check('on a line without a timestamp it is said that there is none', function()
  h.edit(lighthouses)
  h.go_to('## Coal')
  vim.cmd('Vaultls open')
  wait_for_message('no timestamp stands on this line')
end)

check('the cursor goes to the next timestamp and back', function()
  h.edit(lighthouses)
  h.go_to('The first sea lights')
  vim.cmd('Vaultls next')
  wait_for_cursor_at('<a class="yt-timestamp" data-t="00:01:12">')
  vim.cmd('Vaultls next time')
  wait_for_cursor_at('<a class="yt-timestamp" data-t="00:02:05">')
  vim.cmd('Vaultls previous')
  wait_for_cursor_at('<a class="yt-timestamp" data-t="00:01:12">')
  vim.cmd('Vaultls previous')
  wait_for_message('there is no further timestamp')
end)

check('times of a range are shifted, and not before the beginning', function()
  h.edit(lighthouses)
  h.go_to("Winstanley's")
  vim.cmd('.Vaultls shift -1:30')
  h.wait('the times', function()
    return vim.api.nvim_get_current_line():find('data-t="00:08:11">[00:08:11]', 1, true)
  end)
  contains(h.text(), 'data-t="00:09:20"')
  vim.cmd('Vaultls shift -3600')
  wait_for_message('before the beginning')
  vim.cmd('Vaultls shift soon')
  wait_for_message('by how much?')
  vim.cmd('edit!')
end)

check('times are spelled alike', function()
  h.edit('tide_watch/spring_and_neap_tides.md')
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '<a class="yt-timestamp" data-t="3:07">[3:07]</a>' })
  vim.cmd('Vaultls spell')
  h.wait('the time', function()
    return h.text():find('data-t="00:03:07">[00:03:07]', 1, true)
  end)
  vim.cmd('edit!')
end)

check('the backlinks of a note are listed', function()
  h.edit('harbour_lectures/the_fresnel_lens.md')
  vim.cmd('Vaultls backlinks')
  wait_for_quickfix('Links to the_fresnel_lens')
  same(quickfix(), {
    'harbour_lectures.md:6', 'index.md:10', 'lighthouses_before_electricity.md:12', '灯台.md:12',
  })
  contains(vim.inspect(vim.fn.getqflist()), 'then 🗼 the great lens and 灯台')
end)

check('the timeline shows the claims in order of time', function()
  h.edit(lighthouses)
  vim.cmd('Vaultls timeline')
  wait_for_timeline('00:01:12  The first sea lights were fires')
  local _, buffer = timeline()
  local times = {}
  for _, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    table.insert(times, line:match('^%d%d:%d%d:%d%d'))
  end
  local sorted = vim.deepcopy(times)
  table.sort(sorted)
  same(times, sorted)
  assert(#times >= 9, #times)
end)

check('the timeline marks the moment at the cursor', function()
  h.go_to('00:09:41', 2)
  vim.cmd('doautocmd CursorMoved')
  same(marked_time(), '00:09:41')
end)

check('the timeline goes to the moment that is chosen', function()
  local window = timeline()
  vim.api.nvim_set_current_win(window)
  vim.api.nvim_win_set_cursor(window, { 2, 0 })
  vim.cmd('normal \r')
  wait_for_cursor_at('<a class="yt-timestamp" data-t="00:02:05">')
end)

check('the timeline opens and copies the moment that is chosen', function()
  local window = timeline()
  vim.api.nvim_set_current_win(window)
  vim.api.nvim_win_set_cursor(window, { 1, 0 })
  os.remove(vim.env.OPENED)
  vim.cmd('normal o')
  h.wait('the browser', function()
    return (h.read(vim.env.OPENED) or ''):find('t=72s', 1, true)
  end)
  vim.cmd('normal y')
  contains(vim.fn.getreg('"'), 't=72s')
  vim.cmd('wincmd p')
end)

check('the timeline follows what is written', function()
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'Before all <a class="yt-timestamp" data-t="00:00:05">[00:00:05]</a>.' })
  vim.cmd('doautocmd TextChanged')
  wait_for_timeline('00:00:05  Before all')
  vim.cmd('edit!')
end)

check('the timeline follows to another note, and says where there is nothing', function()
  h.edit(clocks)
  local first = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  assert(#first > 0)
  h.wait('the other note', function()
    local _, buffer = timeline()
    return h.text(buffer):find('^00:%d%d:%d%d  ') and not h.text(buffer):find('sea lights', 1, true)
  end)
  h.edit('index.md')
  wait_for_timeline('No timestamps in this note.')
end)

check('the timeline closes', function()
  vim.cmd('Vaultls timeline')
  assert(not timeline())
end)

check('a missing note is created and opened', function()
  h.edit('tide_watch/spring_and_neap_tides.md')
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'See [[storm_surges | storm surges]].' })
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(0), 0 })
  vim.cmd('Vaultls create')
  h.wait('the note', function()
    return vim.fn.expand('%:t') == 'storm_surges.md'
  end)
  contains(h.text(), 'title: storm surges')
  vim.cmd('silent! wall')
end)

check('lines above a note are shown, and lead to the links', function()
  h.edit('harbour_lectures/dead_reckoning.md')
  local lenses = h.wait('the lenses', function()
    local buffer = vim.api.nvim_get_current_buf()
    local found = vim.lsp.codelens.get(h.has('0.12') and { bufnr = buffer } or buffer)
    return #found >= 2 and found
  end)
  local title = vim.inspect(lenses)
  contains(title, 'open video')
  contains(title, 'links from')
  for _, lens in ipairs(lenses) do
    local command = (lens.lens or lens).command
    vim.lsp.commands[command.command](command, { bufnr = 0, client_id = h.client().id })
  end
  h.wait('the browser', function()
    return (h.read(vim.env.OPENED) or ''):find('v=HarbourLt02', 1, true)
  end)
  assert(#vim.fn.getqflist() >= 2)
  vim.cmd('cclose')
end, '0.8')

check('what a time most likely means stands behind it', function()
  h.edit(lighthouses)
  local function claim(value, label)
    return ('- A claim <a class="yt-timestamp" data-t="%s">[%s]</a>'):format(value, label)
  end
  local claims = { claim('00:14:04', '00:14:04'), claim('00:01:10', '00:14:10'), claim('00:14:20', '00:14:20') }
  vim.api.nvim_buf_set_lines(0, -1, -1, false, claims)
  h.wait('the hint', function()
    return vim.inspect(vim.lsp.inlay_hint.get({ bufnr = 0 })):find('likely 00:14:10', 1, true)
  end)
  vim.cmd('edit!')
end, '0.10')

check('the server is restarted', function()
  h.edit(lighthouses)
  local before = h.client().id
  vim.cmd('Vaultls restart')
  h.wait('the new server', function()
    local client = h.client(vim.api.nvim_get_current_buf())
    return client and client.id ~= before
  end)
  h.wait_for_marks('link.broken', { 'the_bell_rock' })
end)

check('the log is opened', function()
  vim.cmd('Vaultls log')
  same(vim.fn.expand('%:t'), 'lsp.log')
  vim.cmd('tabclose')
end)

check('health tells of the server and the vault', function()
  h.edit(lighthouses)
  vim.cmd('silent checkhealth vaultls')
  local report = h.wait('the report', function()
    local text = h.text()
    return text:find('Vaultls log', 1, true) and text
  end)
  contains(report, vim.env.VAULTLS)
  contains(report, 'it says that it is vaultls ')
  contains(report, 'its vault is `' .. h.vault .. '`, marked by `.vaultls.toml`')
  contains(report, 'the server watches the vault')
  contains(report, 'positions are counted in utf-' .. (h.has('0.11') and '8' or '16'))
  vim.cmd('bwipeout!')
end)

check('a note that no server looks after is said to be so', function()
  vim.cmd('enew')
  vim.cmd('Vaultls timeline')
  vim.cmd('Vaultls next')
  wait_for_message('no server looks after this note')
  vim.cmd('Vaultls timeline')
end)

check('the help has its tags, and every subcommand one', function()
  vim.cmd('helptags ' .. vim.fn.fnameescape(vim.env.PLUGIN .. '/doc'))
  for _, name in ipairs(vim.fn.getcompletion('Vaultls ', 'cmdline')) do
    vim.cmd('help :Vaultls-' .. name)
    same(vim.fn.expand('%:t'), 'vaultls.txt')
  end
  for _, name in ipairs({ 'vaultls', 'vaultls-install', 'vaultls-setup', 'vaultls-completion', 'vaultls-timeline' }) do
    vim.cmd('help ' .. name)
    same(vim.fn.expand('%:t'), 'vaultls.txt')
  end
  vim.cmd('helpclose')
end)

h.finish()
