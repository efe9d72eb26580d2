-- What a writer of notes does by Neovim's own means, checked against the real server on a copy of the sample vault.
local h = require('harness')
local check, contains, same = h.check, h.contains, h.same

local lighthouses = 'harbour_lectures/lighthouses_before_electricity.md'
local tower = 'harbour_lectures/灯台.md'

local function hover(text, into)
  h.go_to(text, into)
  local card = h.ask('textDocument/hover')
  assert(card, 'no card at ' .. text)
  return card.contents.value
end

local function references(text, into)
  h.go_to(text, into)
  return h.ask('textDocument/references', { context = { includeDeclaration = false } })
end

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return window
    end
  end
end

--- A line at the end of the index to complete in.
local function begin_line(text)
  h.edit('index.md')
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { text })
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(0), 0 })
end

check('the server attaches, with the vault as its root', function()
  h.edit(lighthouses)
  same(h.client().config.root_dir, h.vault)
end)

check('a broken link is shown, under its name', function()
  h.edit(lighthouses)
  h.wait_for_marks('link.broken', { 'the_bell_rock' })
end)

check('a broken link behind wide characters is shown where it stands', function()
  h.edit(tower)
  h.wait_for_marks('link.broken', { '灯台守' })
end)

check('a note that is read again keeps its findings', function()
  h.edit(lighthouses)
  h.wait_for_marks('link.broken', { 'the_bell_rock' })
  h.edit(lighthouses)
  h.wait_for_marks('link.broken', { 'the_bell_rock' })
end)

check('hover shows the note behind a link', function()
  h.edit(lighthouses)
  contains(hover('The Fresnel lens | the new lenses', 4), 'Augustin-Jean Fresnel')
end)

check('hover on a timestamp has its address', function()
  h.edit(lighthouses)
  contains(hover('00:06:04', 2), 'https://www.youtube.com/watch?v=HarbourLt01&t=364s')
end)

check('the window that hover opens has the card', function()
  h.edit(lighthouses)
  h.go_to('00:06:04', 2)
  vim.lsp.buf.hover()
  local window = h.wait('the window', float)
  contains(h.text(vim.api.nvim_win_get_buf(window)), '00:06:04')
  vim.api.nvim_win_close(window, true)
end)

check('definition of a link behind an emoji opens the note', function()
  h.edit('index.md')
  h.go_to('why_the_sea_rises', 3)
  vim.lsp.buf.definition()
  h.wait('the note', function()
    return vim.api.nvim_buf_get_name(0) == h.vault .. '/tide_watch/why_the_sea_rises_twice_a_day.md'
  end)
end)

check('definition of an anchor goes to its heading', function()
  h.edit('index.md')
  h.go_to('The sea clocks', 2)
  vim.lsp.buf.definition()
  h.wait('the heading', function()
    return vim.api.nvim_get_current_line() == '## The sea clocks'
  end)
end)

check('definition of a timestamp goes to the video in the note of its channel', function()
  h.edit(lighthouses)
  h.go_to('00:06:58', 2)
  vim.lsp.buf.definition()
  h.wait('the video', function()
    return vim.api.nvim_get_current_line():find('Fire on the headland', 1, true)
  end)
end)

check('references of a note are the links to it', function()
  h.edit('harbour_lectures/harbour_lectures.md')
  same(#references('the_fresnel_lens', 3), 4)
end)

check('references of a video are the notes about it', function()
  h.edit(lighthouses)
  local notes = {}
  for _, place in ipairs(references('HarbourLt01', 2)) do
    notes[vim.fn.fnamemodify(vim.uri_to_fname(place.uri), ':t')] = true
  end
  assert(notes['the_fresnel_lens.md'] and notes['灯台.md'], vim.inspect(notes))
end)

check('symbols are the headings of the note', function()
  h.edit(lighthouses)
  local text = vim.inspect(h.ask('textDocument/documentSymbol'))
  contains(text, 'Towers in the open sea')
end)

check('a completion that is accepted from the omni function stands in the text', function()
  begin_line('See [[dead_r')
  vim.bo.omnifunc, vim.o.completeopt = 'v:lua.vim.lsp.omnifunc', 'menuone'
  h.type_into_menu('A<C-x><C-o>', '<C-y><Esc>')
  same(vim.api.nvim_get_current_line(), 'See [[dead_reckoning | Dead reckoning]]')
  vim.cmd('edit!')
end)

check('a completion that comes as one types stands in the text when accepted', function()
  begin_line('🗼 see')
  vim.o.completeopt = 'menuone,noselect'
  vim.lsp.completion.enable(true, h.client().id, 0, { autotrigger = true })
  h.type_into_menu('A [[', 'tide_mi', '<C-n><C-y><Esc>')
  contains(vim.api.nvim_get_current_line(), '🗼 see [[tide_mills_of_the_atlantic_coast')
  vim.lsp.completion.enable(false, h.client().id, 0)
  vim.cmd('edit!')
end, '0.11')

check('a broken link has a colour of its own', function()
  h.edit(lighthouses)
  h.go_to('the_bell_rock', 3)
  h.wait('the colour', function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos() or {}
    return #tokens > 0 and tokens[1].type == 'unresolvedReference'
  end)
  local highlight = vim.api.nvim_get_hl(0, { name = '@lsp.type.unresolvedReference.markdown' })
  same(highlight.link, 'DiagnosticWarn')
end, '0.9')

check('a code action creates the note that is missing', function()
  h.edit(lighthouses)
  h.wait_for_marks('link.broken', { 'the_bell_rock' })
  h.go_to('the_bell_rock', 3)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find('^Create') ~= nil
    end,
  })
  h.wait('the note', function()
    return vim.fn.bufnr('the_bell_rock.md') > 0
  end)
  vim.cmd('silent! wall')
  h.edit(lighthouses)
  h.wait_for_marks('link.broken', {})
  contains(h.read(h.vault .. '/harbour_lectures/the_bell_rock.md'), 'title: The Bell Rock')
end, '0.8')

check('a note that is renamed is renamed on the disk and in all links', function()
  h.edit('index.md')
  h.go_to('why_the_sea_rises', 3)
  vim.lsp.buf.rename('two_tides')
  h.wait('the new name', function()
    return h.text():find('[[two_tides | the two tides of a day]]', 1, true)
  end)
  vim.cmd('silent! wall')
  h.wait('the new name on the disk', function()
    return h.read(h.vault .. '/tide_watch/two_tides.md')
  end)
  contains(h.read(h.vault .. '/tide_watch/tide_watch.md'), '[[two_tides | Why the sea rises twice a day]]')
  assert(not h.read(h.vault .. '/tide_watch/why_the_sea_rises_twice_a_day.md'), 'the old note is still there')
end)

check('a note written and deleted by another program is seen', function()
  h.edit(tower)
  h.wait_for_marks('link.broken', { '灯台守' })
  h.write('harbour_lectures/灯台守.md', '# 灯台守\n')
  h.wait_for_marks('link.broken', {})
  assert(os.remove(h.vault .. '/harbour_lectures/灯台守.md'))
  h.wait_for_marks('link.broken', { '灯台守' })
end)

check('the server stops when asked', function()
  local server = h.client()
  if h.has('0.11') then
    server:stop()
  else
    server.stop()
  end
  h.wait('the end', function()
    return not h.client()
  end)
  same(h.messages, {})
end)

h.finish()
