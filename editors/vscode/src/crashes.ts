// How often the server may fall over before it is left lying. Knows times alone.

const OFTEN = 3;
const WITHIN = 3 * 60 * 1000;

export class Crashes {
  private times: number[] = [];

  /** Notes a crash; true if it is one too many to start the server again. */
  areTooMany(now: number): boolean {
    this.times = this.times.filter((time) => now - time < WITHIN);
    this.times.push(now);
    return this.times.length >= OFTEN;
  }

  forget(): void {
    this.times = [];
  }
}
