import { checkOptions, checkSignal, checkText } from '../arguments.ts';
import { checkSharedOptions } from '../session/options.ts';
import { Device } from './device.ts';
import { type DeviceOptions, resolveDeviceOptions } from './device-options.ts';

/**
 * Opens this device with all its groups. No relay is dialled before something needs one.
 *
 * @throws SyncError kind `store` for data that cannot be opened; TypeError for an option of a wrong type
 */
export async function openDevice(options: DeviceOptions): Promise<Device> {
  checkOptions(options);
  const { store: _, name, ...shared } = options;
  checkSharedOptions(shared);
  if (name !== undefined) checkText('name', name);
  const resolved = resolveDeviceOptions(options);
  try {
    checkSignal(options.signal);
  } catch (error) {
    await resolved.store.close();
    throw error;
  }
  return await Device.open(resolved);
}
