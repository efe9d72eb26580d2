"""Whether a .vsix holds the server, and as something that may be executed.

    python3 holds_server.py vaultls-linux-x64.vsix
"""
import stat
import sys
import zipfile

SERVER = "extension/server/vaultls"

with zipfile.ZipFile(sys.argv[1]) as package:
    server = package.getinfo(SERVER)
    mode = server.external_attr >> 16
    if not mode & stat.S_IXUSR:
        sys.exit(f"{SERVER} must not be executed: {stat.filemode(mode)}")
    if package.read(SERVER)[:4] != b"\x7fELF":
        sys.exit(f"{SERVER} is no program")
    print(f"{stat.filemode(mode)} {SERVER}, {server.file_size:,} bytes")
