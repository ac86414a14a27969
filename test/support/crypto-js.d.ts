/** What the tests use of crypto-js 3.1.2, which has no types. */
declare module 'crypto-js' {
  interface Words {
    toString(encoder?: object): string;
  }
  interface Sealed {
    readonly ciphertext: Words;
    readonly iv: Words;
    readonly salt: Words;
  }
  interface Options {
    readonly format: object;
  }
  interface Library {
    readonly AES: {
      encrypt(text: string, passphrase: string, options: Options): Words;
      decrypt(sealed: string, passphrase: string, options: Options): Words;
    };
    readonly enc: {
      readonly Base64: { parse(text: string): Words };
      readonly Hex: { parse(text: string): Words };
      readonly Utf8: object;
    };
    readonly lib: { readonly CipherParams: { create(parts: object): Sealed } };
  }
  const cryptoJs: Library;
  // biome-ignore lint/style/noDefaultExport: so it is with a CommonJS module.
  export default cryptoJs;
}
