import QRCode from 'qrcode';

/**
 * A link for another device's camera, black on white, or in the terminal's own colours where no others are wanted. Reading
 * ignores case (PA-01), and capitals fit the alphanumeric mode of QR codes, which makes a smaller code.
 */
export async function drawCode(link: string, colour: boolean): Promise<readonly string[]> {
  const style = colour ? ({ type: 'terminal', small: true } as const) : ({ type: 'utf8' } as const);
  const code = await QRCode.toString(link.toUpperCase(), { ...style, errorCorrectionLevel: 'L', margin: 2 });
  return code.split('\n').filter((line) => line !== '');
}
