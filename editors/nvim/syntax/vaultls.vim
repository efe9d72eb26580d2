" What Vim's own syntax of Markdown does not know: [[links]], whose names it takes for broken emphasis, and timestamps,
" of which the time alone is shown where 'conceallevel' is 2 or 3.
syntax region vaultlsLink matchgroup=markdownLinkDelimiter start="\[\[" end="\]\]" oneline keepend contains=@NoSpell
syntax region vaultlsTimestamp matchgroup=vaultlsAnchor start=+<a class="yt-timestamp"[^>]*>+ end=+</a>+ oneline keepend
      \ concealends contains=@NoSpell

highlight default link vaultlsLink Identifier
highlight default link vaultlsTimestamp Special
highlight default link vaultlsAnchor Comment
