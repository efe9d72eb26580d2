-- A user's configuration: the plugin on the path, one setup call. The checks know the rest from the environment.
vim.opt.swapfile = false
vim.opt.shadafile = 'NONE'
vim.opt.hidden = true
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
package.path = vim.env.PLUGIN .. '/test/?.lua;' .. package.path
vim.cmd('filetype plugin on')

if vim.env.TROUBLE == 'enabled' then
  if vim.lsp.enable then
    vim.lsp.enable('vaultls')
  end
else
  require('vaultls').setup({
    cmd = { vim.env.VAULTLS },
    settings = { vaultls = { lenses = { links = true } } },
    code_lenses = vim.env.ALL_FEATURES ~= nil,
    inlay_hints = vim.env.ALL_FEATURES ~= nil,
  })
end
