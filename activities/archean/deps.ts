/** What the verbs of Archean are built from. */
import type { ArcheanClient } from '../../clients/archean/client.js';
import type { Store } from '../../store/database.js';

export interface ArcheanDeps {
  store: Store;
  client: Pick<ArcheanClient, 'findGoodsIn' | 'findGoodsInBy' | 'expectGoodsIn' | 'amendGoodsIn' | 'cancelGoodsIn'>;
}
