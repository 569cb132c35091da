import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '../../store/database.js';
import { migrate } from '../../store/migrate.js';
