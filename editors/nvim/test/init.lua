-- A user's configuration: the plugin on the path, one setup call.
vim.opt.swapfile = false
vim.opt.shadafile = 'NONE'
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.cmd('filetype plugin on')
require('vaultls').setup({ cmd = { vim.env.VAULTLS } })
