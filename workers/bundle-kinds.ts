/** Sagas whose failures are encrypted too are bundled apart: the SDK takes its failure converter from the bundle. */
export type BundleKind = 'plain' | 'encrypted';

/** The bundles' files, beside the compiled product. */
export const BUNDLES: Readonly<Record<BundleKind, string>> = {
  plain: 'workflow-bundle.js',
  encrypted: 'workflow-bundle-encrypted.js',
};
