// The server as a running thing: started, restarted, given up, asked. Knows no view and no command.
import * as fs from 'node:fs';
import * as os from 'node:os';
import { Disposable, EventEmitter, LogOutputChannel, TextDocument, Uri, workspace } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  LanguageClientOptions,
  State,
  StaticFeature,
} from 'vscode-languageclient/node';
import { innermost } from './address';
import { Crashes } from './crashes';
import { beside } from './markdown';
import { Requests, Vault } from './protocol';
import { Surroundings, locate } from './server';
import { forget, tell } from './trouble';

export const SECTION = 'vaultls';

/** `off` until it is started, and while it is started anew. */
export type Condition = 'off' | 'starting' | 'running' | 'failed';

export class Client implements Disposable {
  condition: Condition = 'off';
  /** Why it has failed, in words for the user. */
  problem = '';
  /** How far a vault is read while it is: `4,200 of 24,304 notes`. */
  progress = '';
  vaults: Vault[] = [];

  private readonly changed = new EventEmitter<void>();
  /** The condition, the progress or something in a vault is another now. */
  readonly onDidChange = this.changed.event;

  private server?: LanguageClient;
  private readonly crashes = new Crashes();

  constructor(
    readonly log: LogOutputChannel,
    private readonly extension: string,
  ) {}

  /** Starts the server, if there is one. Never fails: what is wrong is said, and is the `problem` from then on. */
  async start(): Promise<void> {
    const setting = workspace.getConfiguration(SECTION).get<string>('server.path', '');
    const located = locate(setting, this.surroundings());
    if ('problem' in located) {
      return this.fail(located.problem, undefined);
    }
    this.log.info(`Starting ${located.command}`);
    this.become('starting');
    const server: LanguageClient = new Server(SECTION, 'vaultls', { command: located.command }, this.options(() => this.crashed(server)));
    server.registerFeature(hearsChanges);
    server.onNotification('vaultls/changed', ({ vaults }: { vaults: Vault[] }) => {
      this.vaults = vaults;
      this.changed.fire();
    });
    server.onDidChangeState(({ newState }) => {
      if (server === this.server && newState === State.Running) {
        this.become('running');
      }
    });
    this.server = server;
    try {
      await server.start();
    } catch (problem) {
      this.log.error(`Starting ${located.command}: ${problem}`);
      if (isOfSystem(problem)) {
        this.fail(`The server ${located.command} cannot be started: ${problem.message}.`, server);
      } else {
        await this.crashed(server);
      }
    }
  }

  /** Starts the server anew, whatever became of the last one. */
  async restart(): Promise<void> {
    this.crashes.forget();
    forget();
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.vaults = [];
    this.progress = '';
    this.become('off');
    await server?.dispose().catch((problem: unknown) => this.log.warn(`Stopping the server: ${problem}`));
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
  }

  /** Whether this is a note that the server may know of. */
  isNote(document: TextDocument | undefined): document is TextDocument {
    return document?.languageId === 'markdown' && document.uri.scheme === 'file';
  }

  /** The vault that a note lies in. */
  vaultOf(note: Uri): Vault | undefined {
    return innermost(this.vaults, note.toString());
  }

  /** Asks the server about a note; `undefined` where it does not run, or cannot say. */
  async ask<M extends keyof Requests>(method: M, note: Uri, params: Requests[M][0]): Promise<Requests[M][1] | undefined> {
    const { server } = this;
    if (!server?.isRunning()) {
      return undefined;
    }
    const textDocument = { uri: server.code2ProtocolConverter.asUri(note) };
    return server.sendRequest<Requests[M][1]>(method, { textDocument, ...params });
  }

  /** The client of the protocol itself, while the server runs. */
  get running(): LanguageClient | undefined {
    return this.server?.isRunning() ? this.server : undefined;
  }

  private options(crashed: () => Promise<void>): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file', language: 'markdown' }],
      outputChannel: this.log,
      traceOutputChannel: this.log,
      // Loading begins with these; the server asks for what changes later, and for what a folder has of its own.
      initializationOptions: { ...workspace.getConfiguration(SECTION) },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          void crashed();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        ...beside,
        handleWorkDoneProgress: (_token, params) => {
          this.progress = params.kind === 'end' ? '' : (params.message ?? '');
          this.changed.fire();
        },
      },
    };
  }

  /** A server ended without being told to. It may be noticed more than once, and counts once. */
  private async crashed(server: LanguageClient): Promise<void> {
    if (server !== this.server) {
      return;
    }
    this.log.error('The server ended unexpectedly.');
    if (this.crashes.areTooMany(Date.now())) {
      return this.fail('The vaultls server crashed three times in three minutes, and is not started again.', server);
    }
    await this.stop();
    await this.start();
  }

  private fail(problem: string, server: LanguageClient | undefined): void {
    if (server !== this.server) {
      return;
    }
    this.log.error(problem);
    this.problem = problem;
    void this.stop();
    this.become('failed');
    void tell(problem, this.log, () => this.restart());
  }

  private become(condition: Condition): void {
    this.condition = condition;
    this.changed.fire();
  }

  private surroundings(): Surroundings {
    return {
      platform: process.platform,
      env: process.env,
      home: os.homedir(),
      extension: this.extension,
      workspace: workspace.workspaceFolders?.[0]?.uri.fsPath,
      kind: (file) => {
        const found = fs.statSync(file, { throwIfNoEntry: false });
        return !found ? 'nothing' : found.isDirectory() ? 'folder' : 'file';
      },
      isExecutable: (file) => {
        try {
          fs.accessSync(file, fs.constants.X_OK);
          return true;
        } catch {
          return false;
        }
      },
    };
  }
}

/** What the user must know of its troubles is said above, once; the rest is for the log. */
class Server extends LanguageClient {
  override error(message: string, about?: unknown): void {
    super.error(message, about, false);
  }
}

/** Says at `initialize` that `vaultls/changed` is heard. */
const hearsChanges: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { ...capabilities.experimental, vaultls: { changed: true } };
  },
  initialize: () => {},
  getState: () => ({ kind: 'static' }),
  clear: () => {},
};

/** Whether the operating system refused, as with a file that is no program. */
function isOfSystem(problem: unknown): problem is NodeJS.ErrnoException {
  return problem instanceof Error && 'syscall' in problem;
}
