/** A server for tests: the real binary on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client, type Config } from "./node.js";

/** A process that serves a snapshot, with a journal of its own. The binary is PROMISED_BIN, else `promised` on the PATH. */
export class Server {
  address = "127.0.0.1:0";
  private process?: ChildProcess;
  private readonly scratch = mkdtempSync(join(tmpdir(), "promised-"));

  private constructor(
    private readonly snapshot: string,
    private readonly args: string[],
  ) {}

  /** Starts it on a free port. */
  static async start(snapshot: string, ...args: string[]): Promise<Server> {
    const server = new Server(snapshot, args);
    await server.start();
    return server;
  }

  /** Starts it again on its data and port. */
  async start(): Promise<void> {
    const words = ["serve", this.snapshot, "--data", join(this.scratch, "data"), "--listen", this.address, ...this.args];
    const started = spawn(process.env.PROMISED_BIN ?? "promised", words, { stdio: ["ignore", "pipe", "inherit"] });
    this.process = started;
    const failed = new Promise<never>((_, fail) => {
      started.once("error", fail);
      started.once("exit", (code) => fail(new Error(`the server ended with code ${code}`)));
    });
    failed.catch(() => {});
    const lines = createInterface(started.stdout!);
    const serving = new Promise<string>((done) => lines.on("line", (line) => /^serving \S+ on (\S+:\d+)/.test(line) && done(/ on (\S+:\d+)/.exec(line)![1])));
    this.address = await Promise.race([serving, failed]);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const running = this.process!;
    if (running.exitCode === null && running.signalCode === null) {
      const gone = new Promise((done) => running.once("exit", done));
      running.kill("SIGKILL");
      await gone;
    }
  }

  /** Ends it and forgets its data. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  client(config?: Config): Client {
    return new Client(`http://${this.address}`, config);
  }
}
