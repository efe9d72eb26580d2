--- Which folder is the vault of a file. Asks the disk for marks; knows no server.
local uv = vim.uv or vim.loop

local M = {}

--- What marks a vault, then what marks a project that may be one.
local marks = { '.obsidian', '.vaultls.toml', '.foam', '.zk', '.git' }

local function has(folder, mark)
  return uv.fs_stat(folder .. '/' .. mark) ~= nil
end

local function nearest(folder, mark)
  local above = folder
  repeat
    if has(above, mark) then
      return above
    end
    local child = above
    above = vim.fn.fnamemodify(above, ':h')
  until above == child
end

--- The nearest folder with the first mark that any has, and that mark; else the file's own folder.
--- @param file string its path; empty for a note without one yet
function M.of(file)
  local folder = file == '' and vim.fn.getcwd() or vim.fn.fnamemodify(file, ':p:h')
  for _, mark in ipairs(marks) do
    local found = nearest(folder, mark)
    if found then
      return found, mark
    end
  end
  return folder
end

return M
