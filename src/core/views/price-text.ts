import type { Price } from '../price.ts'
import { formatUsd } from '../units.ts'

const SOURCES = { config: 'as config.json says', 'genai-prices': 'as published', assumed: 'as assumed by config.json' } as const

/** A price for a person: `free`, `$3.00 in, $15.00 out for a million tokens, as published`. */
export function priceText(price: Price): string {
  switch (price.kind) {
    case 'free':
      return 'free'
    case 'fixed':
      return `${formatUsd(price.micro_usd)} an attempt`
    case 'capped':
      return `at most ${formatUsd(price.most_micro_usd)} an attempt`
    case 'tokens': {
      const { input_per_mtok, output_per_mtok } = price.tariff.rates
      return `${perMillion(input_per_mtok)} in, ${perMillion(output_per_mtok)} out for a million tokens, ${SOURCES[price.source]}`
    }
  }
}

const perMillion = (usd: number) => formatUsd(usd * 1_000_000)
