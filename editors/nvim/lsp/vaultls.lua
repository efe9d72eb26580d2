-- Neovim 0.11 and newer: `vim.lsp.enable('vaultls')` is all it takes.
return require('vaultls').config()
