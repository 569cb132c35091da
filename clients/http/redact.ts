/** Parameters whose values are numbers of documents, places in a listing, or codes; any other value stays out of logs. */
const SHOWN = new Set([
  ...['afterSeq', 'limit', 'cursor', 'since', 'modifiedSince', 'externalRef', 'orderNo', 'invoiceNo', 'poNo'],
  ...['status', 'type', 'sku', 'location', 'warehouse', 'division', 'transactionNo', 'returnNo', 'includeJournal'],
]);
const FIT = /^[\w.:+-]{0,80}$/;

/** Path and query of an address as a log may show it: a parameter nobody knows keeps its name only. */
export function withoutSecrets(url: URL): string {
  const query = [...url.searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${SHOWN.has(name) && FIT.test(value) ? value : '[redacted]'}`,
  );
  return query.length === 0 ? url.pathname : `${url.pathname}?${query.join('&')}`;
}
