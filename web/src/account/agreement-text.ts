/** Version of the user agreement that this page shows. The server records it with the consent. */
export const AGREEMENT_VERSION = '2024-02'
export const AGREEMENT_SECTIONS = ['purpose', 'photos', 'account', 'fees', 'data'] as const
