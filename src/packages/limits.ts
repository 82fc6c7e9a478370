/** What a package may hold. It is read into memory; more than this is to be split. */
export interface PackageLimits {
  /** Files of a folder or archive, of whatever kind. */
  readonly filesMax: number;
  /** One file, unpacked. */
  readonly fileBytesMax: number;
  /** A .tgz as it is. */
  readonly packedBytesMax: number;
  /** All files that are read, unpacked. */
  readonly totalBytesMax: number;
  /** Resources that are stored in one transaction. */
  readonly partMax: number;
}

const MIB = 2 ** 20;

export const packageLimits: PackageLimits = {
  filesMax: 100_000,
  fileBytesMax: 256 * MIB,
  packedBytesMax: 128 * MIB,
  totalBytesMax: 512 * MIB,
  partMax: 5000,
};
