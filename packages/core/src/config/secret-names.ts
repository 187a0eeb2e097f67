/** Whether a value under this name is never shown. Told by the name, so that it holds for adapters to come. */
export function isSecretName(key: string): boolean {
  return secretWords.test(key.toUpperCase()) || secretKeys.test(key.toUpperCase())
}

const secretWords =
  /(^|_)(PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|COOKIES?|CREDENTIALS?|AUTH|AUTHORIZATION|HEADERS?)(_|$)/
const secretKeys = /(^|_)(API|ACCESS|SECRET|PRIVATE|SIGNING)_?KEY(_|$)/
