import QRCode from 'qrcode';

/**
 * A link for another device's camera. Reading ignores case (PA-01), and capitals fit the alphanumeric mode of QR codes,
 * which makes a smaller code.
 */
export async function drawCode(link: string): Promise<readonly string[]> {
  const code = await QRCode.toString(link.toUpperCase(), { type: 'utf8', errorCorrectionLevel: 'L', margin: 2 });
  return code.split('\n').filter((line) => line !== '');
}
