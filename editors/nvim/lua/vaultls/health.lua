--- What `:checkhealth vaultls` says. Knows what usually goes wrong; changes nothing.
local server = require('vaultls.server')
local root = require('vaultls.root')

local M = {}

local report = vim.health or require('health')
local start, ok = report.start or report.report_start, report.ok or report.report_ok
local info, warn = report.info or report.report_info, report.warn or report.report_warn
local fail = report.error or report.report_error

local function neovim()
  local version = vim.version()
  ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  local lacks = vim.fn.has('nvim-0.10') == 0 and 'inlay hints need Neovim 0.10'
    or vim.fn.has('nvim-0.11') == 0 and '`vim.lsp.enable` and completion as you type need Neovim 0.11'
  if lacks then
    info(lacks)
  end
end

local function first_line(command)
  local said = vim.fn.systemlist(command)
  return vim.v.shell_error == 0 and said[1] or nil
end

local function program()
  local command = server.typed_command()
  if not command then
    info('the server is reached by a function of yours')
    return
  end
  local obstacle = server.obstacle()
  if obstacle then
    fail(obstacle:gsub(' See :.*', ''), {
      'build and install it: `cargo install --path .` in its source folder puts it into `~/.cargo/bin`',
      "or name it: `require('vaultls').setup({ cmd = { '/path/to/vaultls' } })`",
    })
    return
  end
  ok(('the server is `%s`'):format(vim.fn.exepath(command[1])))
  local version = first_line({ command[1], '--version' })
  if version then
    ok('it says that it is ' .. version)
  else
    fail('it does not run: `' .. command[1] .. ' --version` fails', { 'it may be built for another machine' })
  end
end

--- Who watches the vault for changes of other programs, as far as the settings that are seen here say.
local function watching(client)
  local settings = (client.config.settings or {}).vaultls or {}
  local file = client.config.root_dir .. '/.vaultls.toml'
  local own = vim.fn.filereadable(file) == 1 and table.concat(vim.fn.readfile(file), '\n') or ''
  local who = ('\n' .. own):match('\nwatch%s*=%s*["\'](%w+)') or settings.watch or 'server'
  if who == 'server' then
    ok('changes by other programs: the server watches the vault')
    return
  end
  local can = ((client.config.capabilities or {}).workspace or {}).didChangeWatchedFiles
  if can and can.dynamicRegistration then
    ok('changes by other programs: Neovim watches the vault (`watch = "client"`)')
  else
    warn('changes by other programs: nobody sees them', { 'this Neovim watches no files: leave out `watch = "client"`' })
  end
end

local function attached(client)
  local notes = vim.tbl_count(client.attached_buffers or {})
  ok(('a server looks after %d %s'):format(notes, notes == 1 and 'open note' or 'open notes'))
  local folder = client.config.root_dir
  local _, mark = root.of(folder .. '/note.md')
  if mark then
    ok(('its vault is `%s`, marked by `%s`'):format(folder, mark))
  else
    warn(('its vault is `%s`, which nothing marks as one'):format(folder), {
      'an empty file `.vaultls.toml` at the root of the vault makes it one',
    })
  end
  info('positions are counted in ' .. (client.offset_encoding or 'utf-16'))
  watching(client)
end

local function servers()
  local clients = server.clients()
  if #clients == 0 then
    local advice = { 'open a note; then look here again' }
    if vim.lsp.config and not (vim.lsp.is_enabled and vim.lsp.is_enabled('vaultls')) then
      table.insert(advice, 1, "put `vim.lsp.enable('vaultls')` or `require('vaultls').setup()` into your init.lua")
    end
    warn('no server runs', advice)
  end
  for _, client in ipairs(clients) do
    attached(client)
  end
end

function M.check()
  start('vaultls: programs')
  neovim()
  program()
  start('vaultls: vaults')
  servers()
  info('what the server says in its log: `' .. server.log_file() .. '` (`:Vaultls log`)')
end

return M
