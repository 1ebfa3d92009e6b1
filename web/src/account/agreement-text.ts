/** The version of the user agreement that this page shows and whose consent the server records. */
export const AGREEMENT_VERSION = '2024-02'
export const AGREEMENT_SECTIONS = ['purpose', 'photos', 'account', 'fees', 'data'] as const
