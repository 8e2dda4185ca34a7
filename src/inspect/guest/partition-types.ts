import type { Partition, PartitionPurpose } from './disk-facts.ts'

/** What a partition's type says of it. */
export type TypeFacts = Pick<Partition, 'purpose' | 'rootArchitecture'>

// GUIDs of the Discoverable Partitions Specification: root, its verity data, /usr.
const byArchitecture: readonly (readonly [architecture: string, root: string, verity: string, usr: string])[] = [
  [
    'x86-64',
    '4f68bce3-e8cd-4db1-96e7-fbcaf984b709',
    '2c7357ed-ebd2-46d9-aec1-23d437ec2bf5',
    '8484680c-9521-48c6-9c11-b0720656f69e',
  ],
  [
    'x86',
    '44479540-f297-41b2-9af7-d131d5f0458a',
    'd13c5d3b-b5d1-422a-b29f-9454fdc89d76',
    '75250d76-8cc6-458e-bd66-bd47cc81a812',
  ],
  [
    'arm64',
    'b921b045-1df0-41c3-af44-4c6f280d3fae',
    'df3300ce-d69f-4c92-978c-9bfb0f38d820',
    'b0e01050-ee5f-4390-949a-9101b17104e9',
  ],
  [
    'arm',
    '69dad710-2ce4-4e3c-b16c-21a1d49abed3',
    '7386cdf2-203c-47a9-a498-f2ecce45a2d6',
    '7d0359a3-02b3-4f0a-865c-654403e70625',
  ],
  [
    'riscv64',
    '72ec70a6-cf74-40e6-bd49-4bda08e8f224',
    'b6ed5582-440b-4209-b8da-5ff7c419ea3d',
    'beaec34b-8442-439b-a40b-984381ed097d',
  ],
  [
    'riscv32',
    '60d5a7fe-8e7d-435c-b714-3dd8162144e1',
    'ae0253be-1167-4007-ac68-43926c14c5de',
    'b933fb22-5c3f-4f91-af90-e2bb0fa50702',
  ],
  [
    'loongarch64',
    '77055800-792c-4f94-b39a-98c91b762bb6',
    'f3393b22-e9af-4613-a948-9d3bfbd0c535',
    'e611c702-575c-4cbe-9a46-434fa0bf7e3f',
  ],
  [
    'ppc64-le',
    'c31c45e6-3f39-412e-80fb-4809c4980599',
    '906bd944-4589-4aae-a4e4-dd983917446a',
    '15bb03af-77e7-4d4a-b12b-c0d084f7491c',
  ],
  [
    'ppc64',
    '912ade1d-a839-4913-8964-a10eee08fbd2',
    '9225a9a3-3c19-4d89-b4f6-eeff88f17631',
    '2c9739e2-f068-46b3-9fd0-01c5a9afbcca',
  ],
  [
    's390x',
    '5eead9a9-fe09-4a1e-a1d7-520d00531306',
    'b325bfbe-c7be-4ab8-8357-139e652d2f6b',
    '8a4f5770-50aa-4ed3-874a-99b710db6fea',
  ],
  [
    'ia64',
    '993d8d3d-f80e-4225-855a-9daf8ed7ea97',
    '86ed10d5-b607-45bb-8957-d350f23d0571',
    '4301d2a6-4e3b-4b2a-bb94-9e0b2c4225ea',
  ],
]

type Purpose<A> = readonly [purpose: PartitionPurpose, types: readonly A[]]

const gptPurposes: readonly Purpose<string>[] = [
  ['efi-system', ['c12a7328-f81f-11d2-ba4b-00a0c93ec93b']],
  ['bios-boot', ['21686148-6449-6e6f-744e-656564454649']],
  [
    'linux',
    [
      '0fc63daf-8483-4772-8e79-3d69d8477de4',
      // dm-crypt, LUKS
      '7ffec5c9-2d00-49b7-8941-3ea10a5586b7',
      'ca7d7ccb-63ed-4c53-861c-1742536059cc',
    ],
  ],
  // /home, and of one user
  ['linux-home', ['933ac7e1-2eb4-4f13-b844-0e14e2aef915', '773f91ef-66d4-49b5-bd83-d683bf40ad16']],
  ['linux-srv', ['3b8f8425-20e0-4f3b-907f-1a25a76f98e8']],
  ['linux-var', ['4d21b016-b534-45c2-a9fb-5c16e091fd2d', '7ec6f557-3bc5-4aca-b293-16ef5df639d1']],
  // Container Linux and those that come from it
  ['linux-usr', ['5dfbf5f4-2848-4bac-aa5e-0d9a20b745a6']],
  // Of /usr; that of root is listed above.
  [
    'linux-verity',
    [
      '8f461b0d-14ee-4e81-9aa9-049b6fb97abd',
      '77ff5f63-e7b6-4633-acf4-1565b864c0e6',
      'c215d751-7bcd-4649-be90-6627490a4c05',
      '6e11a4e7-fbca-4ded-b9e9-e1a512bb664e',
      '6a491e03-3be7-4545-8e38-83320e0ea880',
    ],
  ],
  ['linux-oem', ['c95dc21a-df0e-4340-8d7b-26cbfa9a03e0']],
  [
    'linux-root',
    [
      // Container Linux, ChromeOS
      '3884dd41-8582-4404-b9a8-e9b84f2df50e',
      '3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec',
    ],
  ],
  // /boot beside the EFI system partition
  ['linux-boot', ['bc13c2ff-59e6-4262-a352-b275fd6f7172']],
  ['linux-swap', ['0657fd6d-a4ab-43c4-84e5-0933c84b4f4f']],
  ['linux-lvm', ['e6d6d379-f507-44c2-a23c-238f2a3df928']],
  ['linux-raid', ['a19d880f-05fc-4d3b-a006-743f0f84911e', 'be9067b9-ea49-4f15-b4f6-f36f8c9e1818']],
  ['microsoft-reserved', ['e3c9e316-0b5c-4db8-817d-f92df00215ae']],
  ['microsoft-data', ['ebd0a0a2-b9e5-4433-87c0-68b6b72699c7']],
  ['windows-recovery', ['de94bba4-06d1-4d40-a16a-bfd50179d6ac']],
  [
    'freebsd',
    [
      '516e7cb4-6ecf-11d6-8ff8-00022d09712b',
      '516e7cb5-6ecf-11d6-8ff8-00022d09712b',
      '516e7cb6-6ecf-11d6-8ff8-00022d09712b',
      '516e7cb8-6ecf-11d6-8ff8-00022d09712b',
      '516e7cba-6ecf-11d6-8ff8-00022d09712b',
    ],
  ],
  ['freebsd-boot', ['83bd6b9d-7f41-11dc-be0b-001560b84f0f']],
]

const mbrPurposes: readonly Purpose<number>[] = [
  ['efi-system', [0xef]],
  ['linux', [0x83]],
  ['linux-boot', [0xea]],
  ['linux-swap', [0x82]],
  ['linux-lvm', [0x8e]],
  ['linux-raid', [0xfd]],
  // FAT in its kinds, NTFS and exFAT
  ['microsoft-data', [0x01, 0x04, 0x06, 0x07, 0x0b, 0x0c, 0x0e]],
  ['windows-recovery', [0x27]],
  ['freebsd', [0xa5]],
  ['extended', [0x05, 0x0f, 0x85]],
]

const openAndNetBsd = new Set([
  'a6',
  'a9',
  '824cc7a0-36a8-11e3-890a-952519ad3f61',
  '49f48d32-b10e-11dc-b99b-0019d1879648',
  '49f48d5a-b10e-11dc-b99b-0019d1879648',
  '49f48d82-b10e-11dc-b99b-0019d1879648',
  '49f48daa-b10e-11dc-b99b-0019d1879648',
  '2db519c4-b10f-11dc-b99b-0019d1879648',
  '2db519ec-b10f-11dc-b99b-0019d1879648',
])

const eachType = <A>(purposes: readonly Purpose<A>[], word: (type: A) => string) =>
  purposes.flatMap(([purpose, types]) => types.map((type): readonly [string, TypeFacts] => [word(type), { purpose }]))

const twoDigits = (type: number): string => type.toString(16).padStart(2, '0')

const factsByType: ReadonlyMap<string, TypeFacts> = new Map<string, TypeFacts>([
  ...eachType(gptPurposes, (type) => type),
  ...eachType(mbrPurposes, twoDigits),
  ...byArchitecture.flatMap(([rootArchitecture, root, verity, usr]): readonly (readonly [string, TypeFacts])[] => [
    [root, { purpose: 'linux-root', rootArchitecture }],
    [verity, { purpose: 'linux-verity', rootArchitecture }],
    [usr, { purpose: 'linux-usr', rootArchitecture }],
  ]),
])

/** What a type says: a GUID in lower case, or an MBR's as two hexadecimal digits. Nothing for one that is not known. */
export const factsOfType = (type: string): TypeFacts => factsByType.get(type) ?? {}

/** An MBR's type as text. */
export const mbrTypeText = twoDigits

/** Whether a type is one of OpenBSD's or NetBSD's, which have no purpose of their own. */
export const isOpenOrNetBsd = (type: string): boolean => openAndNetBsd.has(type)
