/** Parameters whose value must never reach a log. */
const SECRET = /key|token|secret|password|signature|authori[sz]ation/i;

/** Path and query of an address with the values of secret parameters struck out. */
export function withoutSecrets(url: URL): string {
  const query = [...url.searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${SECRET.test(name) ? '[redacted]' : encodeURIComponent(value)}`,
  );
  return query.length === 0 ? url.pathname : `${url.pathname}?${query.join('&')}`;
}
