namespace DeviceId.Notebooks.Format;

/// <summary>A notebook, directive or parameter that cannot be used; the message is a sentence for the user.</summary>
internal sealed class NotebookException(string message, Exception? inner = null) : Exception(message, inner);
