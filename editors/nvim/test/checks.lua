-- What a writer of notes does in Neovim, checked against the real server on a copy of the sample vault.
-- Prints a line a check and `N passed, N failed`; exits 1 where one failed. ONLY=words runs the checks so named.

local vault = vim.env.VAULT
local patience = tonumber(vim.env.PATIENCE or 10000)
local passed, failed = 0, 0

local function say(line)
  io.stdout:write(line .. '\n')
end

local function check(name, run)
  if vim.env.ONLY and not name:find(vim.env.ONLY, 1, true) then
    return
  end
  local ok, why = pcall(run)
  passed, failed = passed + (ok and 1 or 0), failed + (ok and 0 or 1)
  say(ok and 'ok - ' .. name or ('not ok - %s: %s'):format(name, why))
end

--- Waits until `is` holds; nothing here sleeps for a guessed time.
local function wait(what, is)
  if not vim.wait(patience, is, 20) then
    error('waited in vain for ' .. what, 2)
  end
end

local function client()
  return vim.lsp.get_clients({ name = 'vaultls' })[1]
end

local function edit(note)
  vim.cmd('edit! ' .. vim.fn.fnameescape(vault .. '/' .. note))
  wait('the server at ' .. note, function()
    return #vim.lsp.get_clients({ name = 'vaultls', bufnr = 0 }) == 1 and client().initialized
  end)
end

--- Puts the cursor on the `into`-th byte of the first place where `text` stands.
local function go_to(text, into)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local start = line:find(text, 1, true)
    if start then
      vim.api.nvim_win_set_cursor(0, { number, start - 1 + (into or 0) })
      return
    end
  end
  error(('`%s` does not stand in %s'):format(text, vim.api.nvim_buf_get_name(0)), 2)
end

local function ask(method, more)
  local params = vim.lsp.util.make_position_params(0, client().offset_encoding)
  local answer = client():request_sync(method, vim.tbl_extend('force', params, more or {}), 10000, 0)
  assert(answer, method .. ': no answer')
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

local function hover(text, into)
  go_to(text, into)
  local card = ask('textDocument/hover')
  assert(card, 'no card at ' .. text)
  return card.contents.value
end

--- The text that the first diagnostic of `code` marks, for each in this note.
local function marked(code)
  local parts = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    if found.code == code then
      table.insert(parts, vim.api.nvim_buf_get_text(0, found.lnum, found.col, found.end_lnum, found.end_col, {})[1])
    end
  end
  return parts
end

local function contains(text, part)
  assert(text:find(part, 1, true), ('`%s` is not in:\n%s'):format(part, text))
end

local function write(note, text)
  local file = assert(io.open(vault .. '/' .. note, 'w'))
  file:write(text)
  file:close()
end

check('the server attaches, with the vault as its root', function()
  edit('harbour_lectures/lighthouses_before_electricity.md')
  assert(client().config.root_dir == vault, client().config.root_dir)
end)

check('a broken link is shown, under its name', function()
  edit('harbour_lectures/lighthouses_before_electricity.md')
  wait('the broken link', function()
    return vim.deep_equal(marked('link.broken'), { 'the_bell_rock' })
  end)
end)

check('a broken link behind wide characters is shown where it stands', function()
  edit('harbour_lectures/灯台.md')
  wait('the broken link', function()
    return vim.deep_equal(marked('link.broken'), { '灯台守' })
  end)
end)

check('hover shows the note behind a link', function()
  edit('harbour_lectures/lighthouses_before_electricity.md')
  contains(hover('The Fresnel lens | the new lenses', 4), 'Augustin-Jean Fresnel')
end)

check('hover on a timestamp has its address', function()
  contains(hover('00:06:04', 2), 'https://www.youtube.com/watch?v=HarbourLt01&t=364s')
end)

check('definition of a link behind an emoji opens the note', function()
  edit('index.md')
  go_to('why_the_sea_rises', 3)
  vim.lsp.buf.definition()
  wait('the note', function()
    return vim.api.nvim_buf_get_name(0) == vault .. '/tide_watch/why_the_sea_rises_twice_a_day.md'
  end)
end)

check('definition of an anchor goes to its heading', function()
  edit('index.md')
  go_to('The sea clocks', 2)
  vim.lsp.buf.definition()
  wait('the heading', function()
    return vim.api.nvim_get_current_line() == '## The sea clocks'
  end)
end)

check('references of a note are the links to it', function()
  edit('harbour_lectures/harbour_lectures.md')
  go_to('the_fresnel_lens', 3)
  local places = ask('textDocument/references', { context = { includeDeclaration = false } })
  assert(#places == 4, #places .. ' references')
end)

check('a completion that is accepted stands in the text', function()
  edit('index.md')
  vim.bo.omnifunc, vim.o.completeopt = 'v:lua.vim.lsp.omnifunc', 'menuone'
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'See [[dead_r' })
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(0), 0 })
  local function type(keys, mode)
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), mode, false)
  end
  local timer, ticks = assert(vim.uv.new_timer()), 0
  timer:start(50, 50, vim.schedule_wrap(function()
    ticks = ticks + 1
    if vim.fn.pumvisible() == 1 or ticks > 100 then
      timer:stop()
      type('<C-y><Esc>', 'tn')
    end
  end))
  type('A<C-x><C-o>', 'tn')
  type('', 'x!') -- types what is queued, until insert mode ends
  local line = vim.api.nvim_get_current_line()
  assert(line == 'See [[dead_reckoning | Dead reckoning]]', line)
  vim.cmd('edit!')
end)

check('a code action creates the note that is missing', function()
  edit('harbour_lectures/lighthouses_before_electricity.md')
  wait('the broken link', function()
    return #marked('link.broken') == 1
  end)
  go_to('the_bell_rock', 3)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find('^Create') ~= nil
    end,
  })
  wait('the note', function()
    return vim.fn.bufnr('the_bell_rock.md') > 0
  end)
  vim.cmd('silent! wall')
  edit('harbour_lectures/lighthouses_before_electricity.md')
  wait('the link to be whole', function()
    return #marked('link.broken') == 0
  end)
end)

check('a note written and deleted by another program is seen', function()
  edit('harbour_lectures/灯台.md')
  wait('the broken link', function()
    return #marked('link.broken') == 1
  end)
  write('harbour_lectures/灯台守.md', '# 灯台守\n')
  wait('the link to be whole', function()
    return #marked('link.broken') == 0
  end)
  assert(os.remove(vault .. '/harbour_lectures/灯台守.md'))
  wait('the link to be broken again', function()
    return #marked('link.broken') == 1
  end)
end)

check('the server stops when asked', function()
  local server = client()
  server:stop()
  wait('the end', function()
    return server:is_stopped()
  end)
end)

say(('%d passed, %d failed'):format(passed, failed))
vim.cmd(failed > 0 and 'cquit 1' or 'qall!')
