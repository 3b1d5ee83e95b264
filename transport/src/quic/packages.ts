/**
 * Loads an optional package from where it is installed. Rejects with Node's error if it is absent. The name is an
 * argument so that bundlers leave the package there: its native files, or the listener's certificates, stay out of a
 * client's bundle.
 */
export async function importPackage<Package>(name: string): Promise<Package> {
  return (await import(name)) as Package;
}
