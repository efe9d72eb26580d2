-- Neovim as a user has it who switched everything on.
vim.opt.swapfile, vim.opt.shadafile = false, 'NONE'
vim.opt.termguicolors, vim.opt.linebreak, vim.opt.signcolumn, vim.opt.ruler = true, true, 'yes', false
vim.opt.completeopt = 'menuone,noselect,popup'
vim.opt.hlsearch, vim.opt.updatetime = false, 100
vim.opt.conceallevel, vim.opt.concealcursor = 2, 'nc'
vim.opt.pumheight, vim.opt.winborder = 10, 'rounded'
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.diagnostic.config({ virtual_lines = { current_line = true }, virtual_text = false })
require('vaultls').setup({
  code_lenses = true,
  inlay_hints = true,
  completion = true,
})
