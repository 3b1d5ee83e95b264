import type { ErrorName } from '@0k-sync/generated/errors';

/** The bounds of the places. */
export interface PlacesConfig {
  readonly connectionsMax: number;
  readonly perAddressMax: number;
  /** Places that strangers may hold together. */
  readonly strangersMax: number;
}

/** The place of one connection. */
export interface Place {
  /** As `addressKey` gives it. */
  readonly address: string;
  /** Ends the connection, because its place goes to another one. */
  yield: () => void;
}

/** The places of one address; the oldest comes first in each set. */
interface AddressPlaces {
  readonly strangers: Set<Place>;
  readonly known: Set<Place>;
}

/** Counts the places of an address that may be given away. */
type Count = (places: AddressPlaces) => number;
const strangersOf: Count = ({ strangers }) => strangers.size;
const allOf: Count = ({ strangers, known }) => strangers.size + known.size;

const NONE: AddressPlaces = { strangers: new Set(), known: new Set() };

/**
 * The places of all connections. While somebody else asks, no address keeps more than its equal part, so a few addresses
 * never hold them all; and strangers leave some for known devices. RL-61.
 */
export class Places {
  readonly #config: PlacesConfig;
  readonly #places = new Map<string, AddressPlaces>();
  #total = 0;
  #strangers = 0;

  constructor(config: PlacesConfig) {
    this.#config = config;
  }

  get total(): number {
    return this.#total;
  }

  /** Gives a new connection a place, of another connection if need be. @returns an error name to turn it away */
  enter(address: string): Place | ErrorName {
    const { connectionsMax, perAddressMax, strangersMax } = this.#config;
    if (allOf(this.#of(address)) >= perAddressMax) return 'RATE_LIMITED';
    if (this.#strangers >= strangersMax && !this.#makeRoom(address, strangersOf)) return 'RELAY_OVERLOADED';
    if (this.#total >= connectionsMax && !this.#makeRoom(address, allOf)) return 'RELAY_OVERLOADED';
    const place: Place = { address, yield: () => {} };
    const ofAddress = this.#places.get(address) ?? { strangers: new Set(), known: new Set() };
    this.#places.set(address, ofAddress);
    ofAddress.strangers.add(place);
    this.#total += 1;
    this.#strangers += 1;
    return place;
  }

  /** The connection is a known device's now. */
  letIn(place: Place): void {
    const { strangers, known } = this.#of(place.address);
    if (!strangers.delete(place)) return;
    known.add(place);
    this.#strangers -= 1;
  }

  /** Frees a place; one that was given away already changes nothing. */
  leave(place: Place): void {
    const ofAddress = this.#of(place.address);
    if (ofAddress.strangers.delete(place)) this.#strangers -= 1;
    else if (!ofAddress.known.delete(place)) return;
    this.#total -= 1;
    if (allOf(ofAddress) === 0) this.#places.delete(place.address);
  }

  #of(address: string): AddressPlaces {
    return this.#places.get(address) ?? NONE;
  }

  /** Takes a place of the address with most of them, if that address keeps as many as the asking one gets. */
  #makeRoom(asking: string, count: Count): boolean {
    let fullest = NONE;
    for (const places of this.#places.values()) {
      if (count(places) > count(fullest)) fullest = places;
    }
    if (count(fullest) - 1 < count(this.#of(asking)) + 1) return false;
    const [given] = fullest.strangers.size > 0 ? fullest.strangers : fullest.known;
    if (given === undefined) return false;
    this.leave(given);
    given.yield();
    return true;
  }
}
