using System.Runtime.InteropServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Float32 values, zero at first, that begin on a page and share their last page with nothing else.</summary>
/// <remarks>
/// So a register's load never crosses two cache lines. And the hardware prefetcher reads ahead up to the end of the page: cache lines of
/// another thread's values there would be taken from its core again and again (false sharing).
/// </remarks>
internal sealed class AlignedBuffer
{
    private const int PageBytes = 4096;
    private readonly float[] _array;
    private readonly int _first;

    public AlignedBuffer(int length)
    {
        _array = GC.AllocateArray<float>(length + (2 * PageBytes / sizeof(float)), pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % PageBytes);
        (_first, Length) = ((PageBytes - past) % PageBytes / sizeof(float), length);
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_first, Length);

    public ref float this[int index] => ref _array[_first + index];
}
