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
  const { store, name, ...shared } = options;
  try {
    checkSharedOptions(shared);
    if (name !== undefined) checkText('name', name);
    checkSignal(options.signal);
  } catch (error) {
    await store?.close();
    throw error;
  }
  return await Device.open(resolveDeviceOptions(options));
}
