-- The commands, and the colours of what only this server tells of. Loads the rest when it is asked for.
if vim.g.loaded_vaultls or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_vaultls = true

vim.api.nvim_create_user_command('Vaultls', function(call)
  require('vaultls.commands').run(call)
end, {
  nargs = '+',
  range = true,
  desc = 'Notes, links and timestamps: see :help :Vaultls',
  complete = function(_, line)
    return require('vaultls.commands').complete(line)
  end,
})

-- What the server leaves to its client: clicks on lines above a note.
vim.lsp.commands['vaultls.showReferences'] = function(command)
  require('vaultls.commands').show_references(command)
end
vim.lsp.commands['vaultls.open'] = function(command)
  require('vaultls.browser').open(command.arguments[1])
end

if vim.fn.has('nvim-0.9') == 1 then
  local colours = { class = 'Identifier', number = 'Special', unresolvedReference = 'DiagnosticWarn' }
  for kind, group in pairs(colours) do
    vim.api.nvim_set_hl(0, ('@lsp.type.%s.markdown'):format(kind), { default = true, link = group })
  end
end

-- Behind Vim's own syntax of Markdown, wherever this plugin stands on the runtime path.
vim.api.nvim_create_autocmd('Syntax', {
  group = vim.api.nvim_create_augroup('vaultls.syntax', {}),
  pattern = 'markdown',
  command = 'runtime! syntax/vaultls.vim',
})
