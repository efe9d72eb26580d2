-- What a user is told when the server is missing, may not be run or ends by itself: once, and with a way out.
local h = require('harness')
local check, contains, same = h.check, h.contains, h.same

local kind = vim.env.TROUBLE

local function open_some_notes()
  for _, note in ipairs({ 'index.md', 'harbour_lectures/dead_reckoning.md', 'tide_watch/tide_watch.md' }) do
    h.open(note)
  end
end

local function starts()
  local _, count = (h.read(vim.env.STARTS) or ''):gsub('\n', '')
  return count
end

local function ours()
  return vim.tbl_filter(function(message)
    return vim.startswith(message, 'vaultls: ')
  end, h.messages)
end

local function health()
  vim.cmd('silent checkhealth vaultls')
  return h.wait('the report', function()
    local text = h.text()
    return text:find('Vaultls log', 1, true) and text
  end)
end

if kind == 'missing' then
  check('a server that is missing is told of once, with what to do', function()
    open_some_notes()
    h.wait('the message', function()
      return #h.messages > 0
    end)
    same(h.messages, { ('vaultls: the server `%s` is not there. See :help vaultls-install'):format(vim.env.VAULTLS) })
    contains(health(), 'cargo install')
  end)
end

if kind == 'forbidden' then
  check('a server that may not be run is told of once', function()
    open_some_notes()
    h.wait('the message', function()
      return #h.messages > 0
    end)
    same(#h.messages, 1)
    contains(h.messages[1], 'may not be run (chmod +x)')
    contains(health(), 'may not be run')
  end)
end

if kind == 'crashing' then
  check('a server that ends three times is told of once, with its log, and left alone', function()
    open_some_notes()
    h.wait('the message', function()
      return #ours() > 0
    end)
    same(ours(), { ours()[1] })
    contains(ours()[1], 'ended 3 times')
    contains(ours()[1], 'exit code 7')
    contains(ours()[1], 'lsp.log')
    if h.has('0.8') then -- Before, Neovim itself tells of each end, and may begin another one meanwhile.
      same(#h.messages, 1)
      same(starts(), 3)
    end
    contains(h.read(require('vaultls.server').log_file()), 'the disk is on fire')
    h.open('harbour_lectures/harbour_lectures.md')
    h.open('tide_watch/spring_and_neap_tides.md')
  end)

  check('restarting by hand tries once more, and tells again', function()
    vim.cmd('Vaultls restart')
    h.wait('the second message', function()
      return #ours() == 2
    end)
    if h.has('0.8') then
      same(starts(), 6)
    end
  end)
end

if kind == 'killed' then
  check('a server that is killed is started again, and nobody is bothered', function()
    h.edit('harbour_lectures/lighthouses_before_electricity.md')
    h.wait_for_marks('link.broken', { 'the_bell_rock' })
    local before = h.client().id
    vim.loop.kill(tonumber((h.read(vim.env.STARTS):match('(%d+)\n$'))), 9)
    h.wait('the new server', function()
      local client = h.client(vim.api.nvim_get_current_buf())
      return client and client.id ~= before
    end)
    h.wait_for_marks('link.broken', { 'the_bell_rock' })
    same(starts(), 2)
    if h.has('0.8') then
      same(h.messages, {})
    end
  end)
end

if kind == 'enabled' then
  check('`vim.lsp.enable` is all it takes', function()
    h.edit('harbour_lectures/lighthouses_before_electricity.md')
    h.wait_for_marks('link.broken', { 'the_bell_rock' })
    same(h.client().config.root_dir, h.vault)
    vim.cmd('Vaultls timeline')
    h.wait('the timeline', function()
      return h.text(vim.fn.bufnr('vaultls://timeline')):find('The first sea lights', 1, true)
    end)
  end, '0.11')

  check('a command that the user configures is the one that health shows', function()
    vim.lsp.config('vaultls', { cmd = { '/nowhere/vaultls' } })
    contains(health(), 'the server `/nowhere/vaultls` is not there')
  end, '0.11')
end

h.finish()
