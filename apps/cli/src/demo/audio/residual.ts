import type { BitWriter } from './bit-writer.ts'

/** How the residual of a subframe is cut into partitions, each with its own Rice parameter. */
export interface RicePlan {
  partitionOrder: number
  parameters: number[]
  /** About how many bits it takes. */
  bits: number
}

const highestParameter = 14
const highestPartitionOrder = 6

/** The residual of the fixed predictor of this order: what is left of each sample after the warm-up. */
export function fixedResidual(samples: Int32Array, order: number): Int32Array {
  let residual = samples
  for (let step = 0; step < order; step++) {
    const next = new Int32Array(Math.max(0, residual.length - 1))
    for (let at = 0; at < next.length; at++) next[at] = (residual[at + 1] ?? 0) - (residual[at] ?? 0)
    residual = next
  }
  return residual
}

/** Picks the partition order and the parameters that take the fewest bits. */
export function planRice(residual: Int32Array, order: number, blockSize: number): RicePlan {
  let sums = partitionSums(residual, order, blockSize)
  let best: RicePlan | null = null
  for (;;) {
    const plan = planPartitions(sums, order, blockSize)
    if (!best || plan.bits < best.bits) best = plan
    if (sums.length === 1) return best
    sums = Float64Array.from(
      { length: sums.length / 2 },
      (_, at) => (sums[2 * at] ?? 0) + (sums[2 * at + 1] ?? 0),
    )
  }
}

/** Coded residual (RFC 9639, 9.2.7): method 0, four-bit parameters. */
export function writeResidual(
  out: BitWriter,
  residual: Int32Array,
  { partitionOrder, parameters }: RicePlan,
  order: number,
): void {
  out.write(0, 2)
  out.write(partitionOrder, 4)
  const partition = (residual.length + order) >> partitionOrder
  let at = 0
  for (const [index, parameter] of parameters.entries()) {
    out.write(parameter, 4)
    const end = partition * (index + 1) - order
    for (; at < end; at++) {
      const folded = fold(residual[at] ?? 0)
      out.unary(folded >>> parameter)
      out.write(folded, parameter)
    }
  }
}

/** 0, -1, 1, -2, 2 … → 0, 1, 2, 3, 4 … */
function fold(value: number): number {
  return (value << 1) ^ (value >> 31)
}

/** Sums of the folded residual over the smallest partitions that this block can have. */
function partitionSums(residual: Int32Array, order: number, blockSize: number): Float64Array {
  let partitionOrder = 0
  while (
    partitionOrder < highestPartitionOrder &&
    blockSize % (2 << partitionOrder) === 0 &&
    blockSize >> (partitionOrder + 1) > order
  ) {
    partitionOrder++
  }
  const sums = new Float64Array(1 << partitionOrder)
  const partition = blockSize >> partitionOrder
  for (let at = 0; at < residual.length; at++) {
    const index = Math.floor((at + order) / partition)
    sums[index] = (sums[index] ?? 0) + fold(residual[at] ?? 0)
  }
  return sums
}

function planPartitions(sums: Float64Array, order: number, blockSize: number): RicePlan {
  const parameters: number[] = []
  let bits = 6
  for (const [index, sum] of sums.entries()) {
    const count = blockSize / sums.length - (index === 0 ? order : 0)
    let parameter = 0
    while (
      parameter < highestParameter &&
      riceBits(count, sum, parameter + 1) < riceBits(count, sum, parameter)
    ) {
      parameter++
    }
    parameters.push(parameter)
    bits += 4 + riceBits(count, sum, parameter)
  }
  return { partitionOrder: Math.log2(sums.length), parameters, bits }
}

function riceBits(count: number, sum: number, parameter: number): number {
  return count * (parameter + 1) + sum / 2 ** parameter
}
