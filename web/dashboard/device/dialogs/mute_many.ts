// Mutes all devices whose ids begin alike, those that come later, too.
import { muteDialog } from "./mute_dialog.js";

// Resolves to whether they were muted.
export const muteManyDialog = (prefix: string): Promise<boolean> => muteDialog({ prefix }, `all of ${prefix}…`);
