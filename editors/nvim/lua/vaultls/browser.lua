--- How an address gets to the user's web browser. Knows no note.
local M = {}

local function opener()
  for _, program in ipairs({ 'xdg-open', 'open', 'wslview', 'explorer.exe' }) do
    if vim.fn.executable(program) == 1 then
      return program
    end
  end
end

--- `vim.ui.open` of a Neovim that has none yet.
local function run_opener(address)
  local program = opener()
  if not program then
    return nil, 'no program to open addresses with was found'
  end
  return vim.fn.jobstart({ program, address }, { detach = true })
end

function M.open(address)
  local _, problem = (vim.ui.open or run_opener)(address)
  if problem then
    require('vaultls.server').say(('%s (%s)'):format(address, problem), vim.log.levels.WARN)
  end
end

return M
