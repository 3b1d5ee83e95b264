import QRCode from 'qrcode';

/**
 * Draws an invite as a QR code: black on white, or in the terminal's own colours if colours are not wanted. Capitals fit
 * the alphanumeric mode, which makes the code smaller; reading an invite ignores case. PA-01, PA-02.
 */
export async function drawCode(link: string, colour: boolean): Promise<readonly string[]> {
  const style = colour ? ({ type: 'terminal', small: true } as const) : ({ type: 'utf8' } as const);
  const code = await QRCode.toString(link.toUpperCase(), { ...style, errorCorrectionLevel: 'L', margin: 2 });
  return code.split('\n').filter((line) => line !== '');
}
