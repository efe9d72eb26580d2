--- How Neovim finds and starts the server. Knows no note.
local M = {}

--- What marks a vault, then what marks a project that may be one.
local markers = { '.obsidian', '.vaultls.toml', '.foam', '.zk', '.git' }

--- The vault that a file lies in: the nearest folder with the first marker that any has, else the file's own folder.
local function root_of(file)
  local folder = file == '' and vim.fn.getcwd() or vim.fn.fnamemodify(file, ':p:h')
  for _, marker in ipairs(markers) do
    local above = folder
    repeat
      if vim.loop.fs_stat(above .. '/' .. marker) then
        return above
      end
      local child = above
      above = vim.fn.fnamemodify(above, ':h')
    until above == child
  end
  return folder
end

--- The server's configuration, as `vim.lsp.config` takes it.
function M.config()
  return {
    cmd = { 'vaultls' },
    filetypes = { 'markdown' },
    root_dir = function(buffer, start)
      start(root_of(vim.api.nvim_buf_get_name(buffer)))
    end,
  }
end

--- Starts the server for Markdown, also on a Neovim that has no `vim.lsp.config` yet.
--- @param opts? table `cmd`, `settings` and whatever else a client takes
function M.setup(opts)
  opts = opts or {}
  if vim.lsp.config then
    vim.lsp.config('vaultls', opts)
    vim.lsp.enable('vaultls')
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'markdown',
    callback = function(event)
      if vim.bo[event.buf].buftype ~= '' then
        return
      end
      local config = vim.tbl_extend('force', { name = 'vaultls', cmd = { 'vaultls' } }, opts)
      config.root_dir = config.root_dir or root_of(vim.api.nvim_buf_get_name(event.buf))
      vim.lsp.start(config, { bufnr = event.buf })
    end,
  })
end

return M
