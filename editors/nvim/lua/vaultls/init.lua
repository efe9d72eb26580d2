--- What a user's configuration calls. Knows which features a user wants switched on; not how the server is reached.
local server = require('vaultls.server')

local M = {}

--- The server's configuration, as `vim.lsp.config` takes it.
M.config = server.config

--- Shows the lines of small print above a note, and keeps them up to date.
local function show_lenses(buffer)
  if vim.fn.has('nvim-0.12') == 1 then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    vim.lsp.codelens.refresh(vim.fn.has('nvim-0.10') == 1 and { bufnr = buffer } or nil)
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'BufWritePost' }, { buffer = buffer, callback = refresh })
  refresh()
end

local function switch_on(wanted, client, buffer)
  if wanted.code_lenses and vim.lsp.codelens then
    show_lenses(buffer)
  end
  if wanted.inlay_hints and vim.lsp.inlay_hint then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if wanted.completion and vim.lsp.completion then
    vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true })
  end
end

local function on_attach(wanted)
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('vaultls.features', {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'vaultls' then
        switch_on(wanted, client, event.buf)
      end
    end,
  })
end

local function attach_by_file_type()
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('vaultls.attach', {}),
    pattern = server.config().filetypes,
    callback = function(event)
      if vim.bo[event.buf].buftype == '' then
        server.attach(event.buf)
      end
    end,
  })
end

--- Starts the server for Markdown, on every Neovim since 0.7.
--- @param opts? table `cmd`, `settings` and whatever else a client takes; and, if `true`: `code_lenses`, `inlay_hints`,
--- `completion` (as you type)
function M.setup(opts)
  local client = vim.tbl_extend('force', {}, opts or {})
  local wanted = { code_lenses = client.code_lenses, inlay_hints = client.inlay_hints, completion = client.completion }
  client.code_lenses, client.inlay_hints, client.completion = nil, nil, nil
  if type(client.cmd) == 'table' then
    server.command, client.cmd = client.cmd, nil
  end
  server.options = client
  if vim.fn.exists('##LspAttach') == 1 then
    on_attach(wanted)
  end
  if vim.lsp.config then
    vim.lsp.config('vaultls', client)
    vim.lsp.enable('vaultls')
  else
    attach_by_file_type()
  end
end

return M
