;;; checks.el --- What a writer of notes does in Emacs, on a copy of the sample vault  -*- lexical-binding: t -*-
;; emacs --batch -Q -l RECIPE -l checks.el, with VAULT in the environment. Prints a line a check, and how many passed.

(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'xref)

(setq make-backup-files nil create-lockfiles nil auto-save-default nil
      eglot-sync-connect 20 eglot-confirm-server-edits nil)

(defvar vault (file-name-as-directory (getenv "VAULT")))
(defvar passed 0)
(defvar failed 0)

(defmacro check (name &rest body)
  (declare (indent 1))
  `(condition-case problem
       (progn ,@body (cl-incf passed) (princ (format "ok - %s\n" ,name)))
     (error (cl-incf failed) (princ (format "not ok - %s: %S\n" ,name problem)))))

(defun wait (what is)
  "What IS returns, once that is not nil; an error that names WHAT after a while."
  (let ((end (+ (float-time) 15)) found)
    (while (not (or (setq found (funcall is)) (> (float-time) end)))
      (accept-process-output nil 0.05)
      (read-event nil nil 0.02))
    (or found (error "Waited in vain for %s" what))))

(defun expect (found &rest parts)
  (dolist (part parts)
    (unless (and found (string-search part found)) (error "`%s' is not in: %s" part found))))

(defun visit (note)
  (find-file (concat vault note))
  (run-hooks 'post-command-hook)        ; By which `eglot-ensure' begins.
  (wait "the server" #'eglot-managed-p))

(defun go-to (text into)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) into)))

(defun hover ()
  (let ((card (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (plist-get (plist-get card :contents) :value)))

(defun findings ()
  (flymake-start)
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun wait-for-finding (text)
  (wait (format "the finding `%s'" text) (lambda () (string-search text (findings)))))

;; As completion menus do.
(defun accept (completion)
  (pcase-let* ((`(,start ,end ,table . ,more) completion)
               (chosen (car (all-completions (buffer-substring start end) table))))
    (delete-region start end)
    (insert chosen)
    (funcall (plist-get more :exit-function) chosen 'finished)))

(check "the server attaches, with the vault as its root"
  (visit "harbour_lectures/lighthouses_before_electricity.md")
  (expect (expand-file-name (project-root (eglot--project (eglot-current-server)))) vault))

(check "a broken link is shown"
  (wait-for-finding "No note is named `the_bell_rock`"))

(check "hover shows the note behind a link"
  (go-to "The Fresnel lens | the new lenses" 4)
  (expect (hover) "Augustin-Jean Fresnel"))

(check "hover on a timestamp has its address"
  (go-to "00:06:04" 2)
  (expect (hover) "https://www.youtube.com/watch?v=HarbourLt01&t=364s"))

(check "definition of a link behind an emoji opens the note"
  (visit "index.md")
  (go-to "why_the_sea_rises" 3)
  (xref-find-definitions (xref-backend-identifier-at-point 'eglot))
  (expect (buffer-file-name) "why_the_sea_rises_twice_a_day.md"))

(check "references of a note are the links to it"
  (visit "harbour_lectures/harbour_lectures.md")
  (go-to "the_fresnel_lens" 3)
  (let ((found (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))
    (unless (>= (length found) 4) (error "%S" found))))

(check "a completion that is accepted stands in the text"
  (visit "index.md")
  (goto-char (point-max))
  (insert "🗼 See [[dead_reck")
  (accept (eglot-completion-at-point))
  (expect (buffer-substring (line-beginning-position) (line-end-position))
          "🗼 See [[dead_reckoning | Dead reckoning]]")
  (set-buffer-modified-p nil)
  (revert-buffer t t))

(check "a code action mends a link"
  (visit "tide_watch/spring_and_neap_tides.md")
  (go-to "tide_tables_and_tide_machine" 3)
  (let ((titles (mapcar (lambda (action) (plist-get action :title)) (eglot-code-actions (point) (point)))))
    (expect (format "%s" titles) "tide_tables_and_tide_machines")
    (when (string-search "Create" (format "%s" titles)) (error "Eglot cannot create files: %s" titles))))

(check "a heading is renamed, with the links to it"
  (visit "harbour_lectures/the_longitude_problem.md")
  (go-to "## The sea clocks" 5)
  (eglot-rename "The timekeepers")
  (save-some-buffers t)
  (visit "index.md")
  (wait "the link" (lambda () (string-search "[[the_longitude_problem#The timekeepers]]" (buffer-string)))))

(check "a note that another program wrote is seen"
  (visit "tide_watch/spring_and_neap_tides.md")
  (wait-for-finding "No note is named `tide_tables_and_tide_machine`")
  (write-region "# Tide machine\n" nil (concat vault "tide_watch/tide_tables_and_tide_machine.md"))
  (wait "the link to be whole" (lambda () (not (string-search "tide_tables" (findings))))))

(check "the server ends when asked"
  (let ((server (eglot-current-server)))
    (eglot-shutdown server)
    (wait "the end" (lambda () (not (jsonrpc-running-p server))))))

(princ (format "%d passed, %d failed\n" passed failed))
(kill-emacs (if (zerop failed) 0 1))
